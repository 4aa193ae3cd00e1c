// Policies against what exists, without any change: what a preview compares. Pure.
#pragma once

#include <vector>

#include "governance/domain/policy/policy.h"
#include "governance/domain/topic/cluster_state.h"

namespace sluice::governance::domain {

// What each of the state's topics would be told if it were created as it is now: nothing is softened
// because it is already so. Rules that read metadata see topics without any; Kafka's own are left out.
std::vector<Violation> judge_estate(const EnvironmentName& env, const ClusterState& state,
                                    const PolicySet& policies, TimePoint now);

}  // namespace sluice::governance::domain
