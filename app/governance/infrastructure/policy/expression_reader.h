// A rule of the kind `expression`: when, require, and the examples that it has to agree with.
#pragma once

#include <optional>

#include "governance/infrastructure/policy/reading.h"

namespace sluice::governance::infrastructure::policy {

std::optional<domain::Rule> read_expression(Context& context, const text::Node& node, text::MapReader& reader,
                                            domain::RuleHeader header);

}  // namespace sluice::governance::infrastructure::policy
