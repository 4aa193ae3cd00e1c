// What a kept plan is about, for whoever decides who may see or decide it.
#pragma once

#include <string>
#include <vector>

#include "governance/application/changes/caller.h"
#include "governance/domain/repository/plan_repository.h"
#include "platform/core/json.h"

namespace sluice::governance::application {

// The names of its items; "*" for a plan without items, which concerns a whole environment.
std::vector<std::string> planned_names(const Json& document);
// The first name for which the caller lacks the right; empty when there is none.
std::string first_not_allowed(const Caller& caller, Right right, const domain::EnvironmentName& environment,
                              const std::vector<std::string>& names);
// Whether rules of severity block forbid it.
bool is_blocked(const Json& document);

}  // namespace sluice::governance::application
