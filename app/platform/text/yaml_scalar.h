// YAML 1.2's core schema: which type a scalar has.
#pragma once

#include <optional>
#include <string>

#include "platform/text/node.h"

namespace sluice::text {

// Empty when it is a number that cannot be held exactly, or .inf or .nan.
std::optional<Node> plain_scalar(const std::string& spelling);

// Quoted and block scalars are strings, whatever they look like.
std::optional<Node> quoted_scalar(std::string spelling);

}  // namespace sluice::text
