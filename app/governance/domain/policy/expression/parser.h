// From tokens to a typed tree, in one pass: what does not fit together is refused where it stands.
#pragma once

#include "governance/domain/policy/expression/expression.h"
#include "governance/domain/policy/expression/program.h"

namespace sluice::governance::domain::expression {

Result<Program> parse(std::string_view text, const Vocabulary& vocabulary);

}  // namespace sluice::governance::domain::expression
