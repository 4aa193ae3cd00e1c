// What a policy document decides beside its rules: exemptions, roll-out modes, who has to approve.
#pragma once

#include <string>

#include "governance/infrastructure/policy/reading.h"

namespace sluice::governance::infrastructure::policy {

// After the rules: an exemption names them.
void read_exemption(Context& context, const text::Node& node, const std::string& path);
void read_mode(Context& context, const text::Node& node, const std::string& path);
void read_approvals(Context& context, text::MapReader& document);

}  // namespace sluice::governance::infrastructure::policy
