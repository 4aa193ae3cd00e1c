// Regular expressions of policies: RE2 behind one function, because its time is linear in the name.
#pragma once

#include <string_view>

#include "governance/domain/policy/policy.h"
#include "platform/core/result.h"

namespace sluice::governance::infrastructure {

inline constexpr std::size_t kMaxPattern = 200;

// The whole name has to match. Refused (kInvalid, "pattern.too-long", "pattern.invalid",
// "pattern.ambiguous"): more than 200 bytes, what RE2 cannot compile, and repetitions whose text
// can be split in many ways, "(a+)+" or "(a|aa)*": they hang other engines that may read the same
// policy.
Result<domain::PatternMatcher> compile_name_pattern(std::string_view pattern);

}  // namespace sluice::governance::infrastructure
