// The target of a request: path and query, percent-decoded exactly once. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/http/message.h"
#include "platform/http/wire/head.h"

namespace sluice::http::wire {

struct Target {
  std::string_view raw_path;  // still escaped, into the text that was given
  std::string path;           // decoded
  Parameters query;           // decoded, `+` as a space
};

// Takes "/path?query", "http://host/path?query" and "*". Refuses invalid escapes, NUL and other
// control characters, what is not UTF-8, and dot segments, escaped or not.
std::optional<Refusal> parse_target(std::string_view text, Target& target);

// Empty when an escape is not valid.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);
// Escapes all but unreserved characters (RFC 3986); `keep` names further ones to leave.
std::string percent_encode(std::string_view text, std::string_view keep = {});

}  // namespace sluice::http::wire
