// Policies against what exists, without any change: what a preview compares. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "governance/domain/policy/policy.h"
#include "governance/domain/topic/cluster_state.h"

namespace sluice::governance::domain {

// How many topics a rule was not held against, by the rule and the reason.
using NotJudged = std::map<std::pair<std::string, std::string>, std::size_t>;

struct EstateVerdict {
  std::vector<Violation> violations;
  NotJudged not_judged;
};

// What each of the state's topics would be told if it were created as it is now, with the metadata that is
// on record: nothing is softened because it is already so. Kafka's own are left out.
EstateVerdict judge_estate(const EnvironmentName& env, const ClusterState& state, const PolicySet& policies,
                           TimePoint now);

}  // namespace sluice::governance::domain
