// The use case behind the dry-run: read the cluster, plan, ask the broker, judge, keep.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "governance/application/policy_store.h"
#include "governance/domain/plan/plan.h"
#include "governance/domain/repository/plan_repository.h"
#include "governance/domain/repository/topic_cluster.h"
#include "governance/domain/topic/topic_batch.h"
#include "platform/core/clock.h"
#include "platform/core/deadline.h"
#include "platform/core/json.h"
#include "platform/core/result.h"

namespace sluice::governance::application {

struct PlanTopicsOptions {
  // The cluster this server is meant for; another one is refused. Empty: not checked.
  std::string expected_cluster_id;
};

// A plan and where it is kept. `document` is the dry-run's answer: the plan's JSON with its digest,
// fingerprint, summary, revision, requester and time.
struct KeptPlan {
  domain::Plan plan;
  Json document;
};

// Thread-safe.
class PlanTopics {
 public:
  PlanTopics(domain::TopicCluster& cluster, domain::PlanRepository& plans, const PolicyStore& policies,
             const Clock& clock, PlanTopicsOptions options)
      : cluster_(cluster), plans_(plans), policies_(policies), clock_(clock), options_(std::move(options)) {}

  // Changes nothing on the cluster. Every call keeps a new revision of the change.
  Result<KeptPlan> dry_run(const domain::TopicBatch& batch, const std::string& requester, Deadline deadline);
  // A plan as it was answered; the newest revision when none is named.
  Result<Json> kept(const domain::ChangeId& change, std::optional<std::int64_t> revision);

 private:
  Result<domain::Plan> plan(const domain::TopicBatch& batch, Deadline deadline);
  Result<domain::ClusterState> read_state(const std::vector<domain::TopicName>& names, Deadline deadline);
  Result<domain::Plan> plan_from(const domain::TopicBatch& batch, domain::ClusterState state, Deadline deadline);
  Result<KeptPlan> keep(domain::Plan plan, const std::string& requester);

  domain::TopicCluster& cluster_;
  domain::PlanRepository& plans_;
  const PolicyStore& policies_;
  const Clock& clock_;
  PlanTopicsOptions options_;
};

}  // namespace sluice::governance::application
