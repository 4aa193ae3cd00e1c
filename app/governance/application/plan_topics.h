// The use case behind the dry-run: read the cluster, plan, ask the broker, judge, keep.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "governance/application/environments.h"
#include "governance/application/policy_store.h"
#include "governance/domain/plan/plan.h"
#include "governance/domain/repository/plan_repository.h"
#include "governance/domain/repository/topic_cluster.h"
#include "governance/domain/repository/topic_records.h"
#include "governance/domain/topic/topic_batch.h"
#include "platform/core/clock.h"
#include "platform/core/deadline.h"
#include "platform/core/json.h"
#include "platform/core/result.h"

namespace sluice::governance::application {

// A plan and where it is kept. `document` is the dry-run's answer: the plan's JSON with its digest,
// fingerprint, summary, revision, requester and time.
struct KeptPlan {
  domain::Plan plan;
  Json document;
};

// Thread-safe.
class PlanTopics {
 public:
  PlanTopics(const Environments& environments, domain::PlanRepository& plans, domain::TopicRecords& records,
             const PolicyStore& policies, const Clock& clock)
      : environments_(environments), plans_(plans), records_(records), policies_(policies), clock_(clock) {}

  // Changes nothing on the cluster. Every call keeps a new revision of the change.
  Result<KeptPlan> dry_run(const domain::TopicBatch& batch, const Actor& requester, Deadline deadline);
  // The plan alone: kept nowhere. What an apply compares with what was approved.
  Result<domain::Plan> plan(const domain::TopicBatch& batch, Deadline deadline);
  // What a plan is judged by: the topics as they are, and what is on record about them.
  Result<domain::ClusterState> state_of(const domain::EnvironmentName& environment,
                                        const std::vector<domain::TopicName>& names, Deadline deadline);
  // A plan as it was answered; the newest revision when none is named.
  Result<Json> kept(const domain::ChangeId& change, std::optional<std::int64_t> revision);

 private:
  Result<domain::Plan> plan_from(const domain::TopicBatch& batch, domain::TopicCluster& cluster,
                                 domain::ClusterState state, Deadline deadline);
  Result<KeptPlan> keep(const domain::TopicBatch& batch, domain::Plan plan, const Actor& requester);

  const Environments& environments_;
  domain::PlanRepository& plans_;
  domain::TopicRecords& records_;
  const PolicyStore& policies_;
  const Clock& clock_;
};

}  // namespace sluice::governance::application
