// The one planner: dry-run and apply call the same pure functions. No I/O, no clock, no state;
// the same input gives the same plan, byte for byte.
#pragma once

#include <set>
#include <vector>

#include "governance/domain/topic/cluster_state.h"
#include "governance/domain/plan/plan.h"
#include "governance/domain/policy/policy.h"
#include "governance/domain/topic/topic_batch.h"
#include "platform/core/clock.h"

namespace sluice::governance::domain {

// `now` decides which exemptions are still in force.
Plan make_plan(const TopicBatch& batch, const ClusterState& state, const PolicySet& policies,
               TimePoint now);

// What was approved before and is not yet done.
struct ApprovedItems {
  const TopicBatch& batch;
  const std::vector<PlannedItem>& items;  // all of the approved plan
  const std::set<TopicName>& open;
};
// The open items exactly as they were approved, against the rules of `now`: a plan of theirs in which only the
// violations are new. The share of deletes is that of the approved plan, told at each open delete.
Plan judge_again(const ApprovedItems& approved, const ClusterState& state, const PolicySet& policies, TimePoint now);

// The topics whose consumer groups a plan has to name. Read their groups into ClusterState::groups
// and plan again; only these cost requests.
std::vector<TopicName> topics_whose_groups_matter(const Plan& plan);
// The topics to delete about which a rule asks whether they hold records: read those into
// ClusterState::records. What is not read counts as protected.
std::vector<TopicName> topics_whose_records_matter(const Plan& plan);

// The topics whose replication factor changes. Read their layout into ClusterState::layout and plan
// again: only then does an item say where its replicas go, or why they can't.
std::vector<TopicName> topics_whose_replicas_move(const Plan& plan);

// Adds what the broker said to the items (validate_only); refusals become violations in its words.
// Verdicts of topics that the plan does not hold are ignored.
void apply_verdicts(Plan& plan, const std::vector<BrokerVerdict>& verdicts);

}  // namespace sluice::governance::domain
