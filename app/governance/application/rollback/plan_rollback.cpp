#include "governance/application/rollback/plan_rollback.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "governance/application/kept_document.h"
#include "governance/application/plan_document.h"

namespace sluice::governance::application {
namespace {

using domain::ChangeId;
using domain::InverseItem;
using domain::PlannedItem;
using domain::TopicName;

constexpr int kMostRollbacks = 100;
constexpr std::size_t kMaxChangeId = 100;  // as a batch's

Error not_applied(const ChangeId& change) {
  return {ErrorKind::kConflict, "change.not-applied", fmt::format("Change '{}' was never applied.", change.str()),
          "There is nothing to roll back; `sluice drift` shows what is not as declared.", {}};
}

Error in_progress(const ChangeId& change) {
  return {ErrorKind::kConflict, "change.in-progress", fmt::format("Change '{}' is being applied.", change.str()),
          "Wait until it has ended, then ask again.", {}};
}

Error unnameable(const ChangeId& change) {
  return {ErrorKind::kConflict, "rollback.name",
          fmt::format("No change can be named after '{}' any more.", change.str()),
          "Write the inverse batch yourself under another changeId.", {}};
}

std::vector<TopicName> names_of(const std::vector<PlannedItem>& planned) {
  std::vector<TopicName> names;
  for (const PlannedItem& item : planned) names.push_back(item.name);
  return names;
}

std::vector<domain::AppliedItem> applied_items(const domain::Execution& execution,
                                               const std::vector<PlannedItem>& planned) {
  std::unordered_map<std::string, const domain::ItemOutcome*> outcomes;
  for (const domain::ExecutionItem& item : execution.items) outcomes[item.name.str()] = &item.outcome;
  std::vector<domain::AppliedItem> applied;
  for (const PlannedItem& item : planned) {
    const auto outcome = outcomes.find(item.name.str());
    const bool begun = outcome != outcomes.end();
    applied.push_back({item, begun ? outcome->second->state : domain::ItemState::kPending,
                       begun ? outcome->second->topic_id : std::string()});
  }
  return applied;
}

// Told to the issue of the change that it undoes.
domain::TopicBatch batch_of(const domain::Execution& execution, ChangeId id, const std::vector<InverseItem>& items,
                            const std::string& issue) {
  domain::TopicBatch batch{execution.environment, std::move(id), {}};
  for (const InverseItem& inverse : items) {
    if (!inverse.item) continue;
    batch.items.push_back(*inverse.item);
    batch.items.back().reason = fmt::format("rollback of {}", execution.change_id.str());
    batch.items.back().issue = issue;
  }
  return batch;
}

Json item_to_json(const InverseItem& item) {
  return {{"name", item.name.str()},
          {"undoes", domain::to_string(item.undoes)},
          {"fidelity", domain::to_string(item.fidelity)},
          {"reasons", item.reasons}};
}

Json summary_of(const std::vector<InverseItem>& items) {
  using domain::Fidelity;
  Json summary = Json::object();
  for (const auto fidelity : {Fidelity::kExact, Fidelity::kLossy, Fidelity::kImpossible, Fidelity::kNothing}) {
    const auto count = std::count_if(items.begin(), items.end(),
                                     [&](const InverseItem& item) { return item.fidelity == fidelity; });
    summary[std::string(domain::to_string(fidelity))] = count;
  }
  return summary;
}

}  // namespace

Json rollback_to_json(const RollbackPlan& rollback) {
  Json items = Json::array();
  for (const InverseItem& item : rollback.items) items.push_back(item_to_json(item));
  return {{"undoes", rollback.undoes.str()},
          {"revision", rollback.revision},
          {"changeId", rollback.plan ? rollback.plan->document["changeId"] : Json()},
          {"items", std::move(items)},
          {"summary", summary_of(rollback.items)},
          {"plan", rollback.plan ? rollback.plan->document : Json()}};
}

Result<domain::Execution> PlanRollback::finished_execution(const ChangeId& change, Deadline deadline) {
  SLUICE_TRY(auto execution, executions_.newest_of(change, deadline));
  if (!execution) return not_applied(change);
  if (execution->is_leased) return in_progress(change);
  return std::move(*execution);
}

Result<PlanRollback::Applied> PlanRollback::applied_plan(const domain::Execution& execution) {
  SLUICE_TRY(const auto stored, plans_.find(execution.change_id, execution.revision));
  if (!stored) return not_applied(execution.change_id);
  SLUICE_TRY(const Json document, read_kept_document(execution.change_id, stored->digest, stored->document));
  SLUICE_TRY(auto items, planned_items(document));
  return Applied{std::move(items), document.value("issue", "")};
}

Result<std::vector<InverseItem>> PlanRollback::inverse_of(const domain::Execution& execution,
                                                          const std::vector<PlannedItem>& planned,
                                                          Deadline deadline) {
  SLUICE_TRY(const GovernedEnvironment* environment, environments_.find(execution.environment));
  const std::vector<TopicName> names = names_of(planned);
  SLUICE_TRY(const domain::ClusterState state, read_state(*environment, names, deadline));
  std::vector<TopicName> created;
  for (const PlannedItem& item : planned) {
    if (item.action == domain::PlannedAction::kCreate && state.topics.contains(item.name)) created.push_back(item.name);
  }
  domain::RollbackGround ground{state, {}, {}};
  if (!created.empty()) {
    SLUICE_TRY(ground.records, environment->cluster->records_of(created, deadline));
  }
  const bool deletes = std::any_of(planned.begin(), planned.end(),
                                   [](const PlannedItem& item) { return item.lost.has_value(); });
  if (deletes) {
    SLUICE_TRY(const auto known, catalogue_.of(execution.environment, deadline));
    for (const TopicName& name : names) {
      if (const auto found = known.find(name); found != known.end()) ground.metadata[name] = found->second.metadata;
    }
  }
  return domain::invert(applied_items(execution, planned), ground);
}

Result<ChangeId> PlanRollback::rollback_id(const ChangeId& change, Deadline deadline) {
  for (int n = 1; n <= kMostRollbacks; ++n) {
    ChangeId id{fmt::format("{}.rollback-{}", change.str(), n)};
    if (id.str().size() > kMaxChangeId) break;
    SLUICE_TRY(const auto applied, executions_.newest_of(id, deadline));
    if (!applied) return id;
  }
  return unnameable(change);
}

Result<RollbackScope> PlanRollback::scope_of(const ChangeId& change, Deadline deadline) {
  SLUICE_TRY(const domain::Execution execution, finished_execution(change, deadline));
  SLUICE_TRY(const Applied applied, applied_plan(execution));
  return RollbackScope{execution.environment, names_of(applied.items)};
}

Result<RollbackPlan> PlanRollback::plan(const ChangeId& change, const Actor& requester, Deadline deadline) {
  SLUICE_TRY(const domain::Execution execution, finished_execution(change, deadline));
  SLUICE_TRY(const Applied applied, applied_plan(execution));
  RollbackPlan rollback{change, execution.revision, {}, std::nullopt};
  SLUICE_TRY(rollback.items, inverse_of(execution, applied.items, deadline));
  SLUICE_TRY(ChangeId id, rollback_id(change, deadline));
  const domain::TopicBatch batch = batch_of(execution, std::move(id), rollback.items, applied.issue);
  if (batch.items.empty()) return rollback;
  SLUICE_TRY(rollback.plan, planner_.dry_run(batch, requester, deadline));
  return rollback;
}

}  // namespace sluice::governance::application
