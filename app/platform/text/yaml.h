// Strict YAML: one document of maps, lists and scalars, typed by YAML 1.2's core schema. Refuses what
// reads differently elsewhere or costs more than it says: anchors, aliases, merge keys, tags,
// directives, several documents, duplicate or non-scalar keys, .inf and .nan. Thread-safe.
#pragma once

#include <string_view>

#include "platform/core/result.h"
#include "platform/text/node.h"

namespace sluice::text {

// Error kInvalid "text.malformed" or kTooLarge "text.too-large"; its problems name rule, line, column
// and the fix. Linear in the size of the text.
Result<Node> parse_yaml(std::string_view text, const Limits& limits = {});

}  // namespace sluice::text
