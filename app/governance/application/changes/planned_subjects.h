// What a kept plan is about, for whoever decides who may see or decide it.
#pragma once

#include <string>
#include <vector>

#include "governance/application/changes/caller.h"
#include "governance/domain/topic/names.h"
#include "platform/core/json.h"

namespace sluice::governance::application {

// A name in an environment; "*": all of them.
struct Subject {
  domain::EnvironmentName environment;
  std::string name;
};

// Of a plan of topics the names of its items in its environment, or that environment as a whole when it
// has none. Of a change of policies every environment that it touches: it is filed under one of them.
std::vector<Subject> planned_subjects(const domain::EnvironmentName& environment, const Json& document);
// The first one for which the caller lacks the right; null when there is none.
const Subject* first_not_allowed(const Caller& caller, Right right, const std::vector<Subject>& subjects);
// Whether rules of severity block forbid it.
bool is_blocked(const Json& document);

}  // namespace sluice::governance::application
