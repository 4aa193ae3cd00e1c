// From one item and the live state to what would change. Pure; used by the planner only.
#pragma once

#include <string>
#include <vector>

#include "governance/domain/topic/cluster_state.h"
#include "governance/domain/plan/plan.h"
#include "governance/domain/policy/policy.h"
#include "governance/domain/topic/topic_batch.h"

namespace sluice::governance::domain {

// What one plan's items share.
struct PlanningContext {
  const TopicBatch& batch;
  const ClusterState& state;
  const PolicySet& policies;
  TimePoint now;
  std::set<std::string> keys_read;  // by the rules that hold in the batch's environment
  std::vector<RuleInForce> rules;   // those rules
};

// Appends what can be refused without asking the broker (create of a topic that exists, …).
PlannedItem plan_item(const PlanningContext& context, const TopicItem& item,
                      std::vector<Violation>& violations);

}  // namespace sluice::governance::domain
