// The use case behind `sluice rollback`: the inverse of what was applied, planned like any other batch.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "governance/application/environments.h"
#include "governance/application/plan_topics.h"
#include "governance/domain/repository/catalogue_repository.h"
#include "governance/domain/repository/execution_reader.h"
#include "governance/domain/repository/plan_repository.h"
#include "governance/domain/rollback/rollback.h"
#include "platform/core/actor.h"

namespace sluice::governance::application {

struct RollbackPlan {
  domain::ChangeId undoes;
  std::int64_t revision = 0;  // that was applied
  std::vector<domain::InverseItem> items;
  std::optional<KeptPlan> plan;  // none: nothing can or has to be taken back
};

// What a rollback is about, for whoever asks whether the caller may.
struct RollbackScope {
  domain::EnvironmentName environment;
  std::vector<domain::TopicName> names;
};

// {undoes, revision, changeId, items[{name, undoes, fidelity, reasons}], summary, plan}
Json rollback_to_json(const RollbackPlan& rollback);

// Thread-safe.
class PlanRollback {
 public:
  PlanRollback(const Environments& environments, domain::PlanRepository& plans,
               domain::ExecutionReader& executions, domain::CatalogueRepository& catalogue, PlanTopics& planner)
      : environments_(environments), plans_(plans), executions_(executions), catalogue_(catalogue), planner_(planner) {}

  Result<RollbackScope> scope_of(const domain::ChangeId& change, Deadline deadline);
  // Changes nothing on the cluster. The inverse batch becomes the change `<change>.rollback-<n>`, where
  // n counts the rollbacks of this change that were applied, from 1; its requester is who asks.
  // change.not-applied, change.in-progress (kConflict).
  Result<RollbackPlan> plan(const domain::ChangeId& change, const Actor& requester, Deadline deadline);

 private:
  struct Applied {
    std::vector<domain::PlannedItem> items;
    std::string issue;  // Jira's key that the batch named
  };
  Result<domain::Execution> finished_execution(const domain::ChangeId& change, Deadline deadline);
  Result<Applied> applied_plan(const domain::Execution& execution);
  Result<std::vector<domain::InverseItem>> inverse_of(const domain::Execution& execution,
                                                      const std::vector<domain::PlannedItem>& planned,
                                                      Deadline deadline);
  Result<domain::ChangeId> rollback_id(const domain::ChangeId& change, Deadline deadline);

  const Environments& environments_;
  domain::PlanRepository& plans_;
  domain::ExecutionReader& executions_;
  domain::CatalogueRepository& catalogue_;
  PlanTopics& planner_;
};

}  // namespace sluice::governance::application
