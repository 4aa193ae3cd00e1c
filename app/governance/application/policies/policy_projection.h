// What a policy document decides in one environment, and so which environments a change of it touches.
// Pure; what is unclear counts as touching.
#pragma once

#include <vector>

#include "governance/domain/topic/names.h"
#include "platform/core/json.h"

namespace sluice::governance::application {

// The document's values without what holds in other environments only.
Json policies_in(const Json& document, const domain::EnvironmentName& env);
// Those of `all` in which the two documents decide differently.
std::vector<domain::EnvironmentName> touched_environments(const Json& before, const Json& after,
                                                          const std::vector<domain::EnvironmentName>& all);

}  // namespace sluice::governance::application
