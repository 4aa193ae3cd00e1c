// RFC 8785 (JCS): one byte sequence for one JSON value, whatever order or spelling it came in.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "platform/core/json.h"

namespace sluice {

// Precondition: `value` holds valid UTF-8 and finite numbers whose integers fit ±2^53 (larger ones
// lose precision in JSON's number type; carry them as strings).
std::string canonical_json(const Json& value);
// An object without these of its members.
void append_canonical_object(std::string& out, const Json& object, std::span<const std::string_view> without);
// One string of it, with its quotes. For writers of a fixed form that need no tree.
void append_canonical_string(std::string& out, std::string_view text);
// SHA-256 of the canonical form, as 64 hex digits.
std::string json_digest(const Json& value);
// A double as ECMAScript's Number::toString writes it.
std::string format_es6_number(double value);

}  // namespace sluice
