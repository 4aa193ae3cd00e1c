// The state that a kept plan was made from, as far as it was kept, and which rules can be judged from
// it: the rest is said, not guessed. Pure.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "governance/domain/plan/plan.h"
#include "governance/domain/policy/policy.h"
#include "governance/domain/topic/topic_batch.h"

namespace sluice::governance::application {

domain::ClusterState kept_state(const std::vector<domain::PlannedItem>& items);

// By rule and topic: what the rule would have to know, and nobody kept.
using NotKept = std::map<std::pair<std::string, std::string>, std::string>;
NotKept not_kept(const domain::PolicySet& policies, const domain::TopicBatch& batch,
                 const std::vector<domain::PlannedItem>& items, const domain::ClusterState& state, TimePoint now);

}  // namespace sluice::governance::application
