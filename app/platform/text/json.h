// Strict JSON (RFC 8259), with the place of every value: no duplicate keys, no numbers that would
// change on the way (integers outside int64, floats without an exact double), no NUL, bounded depth.
// Thread-safe.
#pragma once

#include <string_view>

#include "platform/core/json.h"
#include "platform/core/result.h"
#include "platform/text/node.h"

namespace sluice::text {

// Error kInvalid "text.malformed" or kTooLarge "text.too-large"; its problems name rule, line, column
// and the fix. Linear in the size of the text, never recursive.
Result<Node> parse_json(std::string_view text, const Limits& limits = {});

// The same values without their places.
Json to_json(const Node& node);

}  // namespace sluice::text
