// The rules of a policy document, each by the parameters of its kind.
#pragma once

#include <string>

#include "governance/infrastructure/policy/reading.h"

namespace sluice::governance::infrastructure::policy {

// Adds the rule to the context's policies, or problems to its list.
void read_rule(Context& context, const text::Node& node, const std::string& path);

}  // namespace sluice::governance::infrastructure::policy
