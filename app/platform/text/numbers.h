// Numbers as documents spell them, read without losing anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::text {

// Empty when outside int64. `digits` holds digits of `base` only, without sign or prefix.
std::optional<std::int64_t> exact_integer(std::string_view digits, int base, bool negative);

// A decimal number; empty when it over- or underflows, when a whole number would become another one, or
// when it has more digits than a double can keep.
std::optional<double> exact_float(std::string_view spelling);

}  // namespace sluice::text
