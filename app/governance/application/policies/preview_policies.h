// What a policy document would newly refuse, or newly allow: on the topics that exist, and on the plans
// of the last 90 days. Changes nothing. Thread-safe.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "governance/application/environments.h"
#include "governance/application/policies/recent_plans.h"
#include "governance/application/policy_store.h"
#include "governance/domain/repository/topic_records.h"
#include "governance/domain/topic/topic_batch.h"
#include "platform/core/clock.h"

namespace sluice::governance::application {

class PreviewPolicies {
 public:
  using ReadBatch = std::function<Result<domain::TopicBatch>(std::string_view json,
                                                             const std::vector<domain::EnvironmentName>& known)>;
  using ListTopics = std::function<Result<std::vector<domain::TopicName>>(const GovernedEnvironment&, Deadline)>;
  // Everything must outlive it.
  struct Services {
    const PolicyStore& store;
    ReadPolicies read;
    ReadBatch read_batch;
    ListTopics list_topics;
    const Environments& environments;
    RecentPlans& plans;
    domain::TopicRecords& records;
    const Clock& clock;
  };
  explicit PreviewPolicies(Services services) : services_(std::move(services)) {}

  // {policies, estate: [{env, topics, newlyFailing, newlyPassing, notJudged} or {env, unavailable}],
  //  plans: {since, judged, newlyFailing, newlyPassing, notJudged}}
  Result<Json> preview(const std::string& document, Deadline deadline);

 private:
  Json estate_of(const GovernedEnvironment& environment, const domain::PolicySet& before,
                 const domain::PolicySet& after, Deadline deadline);
  Result<Json> plans_of(const domain::PolicySet& before, const domain::PolicySet& after, Deadline deadline);

  Services services_;
};

}  // namespace sluice::governance::application
