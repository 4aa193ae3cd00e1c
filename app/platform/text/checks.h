// What both readers refuse before they look at the grammar, and how they word a refusal.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/error.h"
#include "platform/text/node.h"

namespace sluice::text {

// Where byte `offset` of `text` stands; columns count characters, as editors do.
Mark mark_at(std::string_view text, std::size_t offset);

// Printable, at most `limit` bytes, never cut inside a character.
std::string excerpt(std::string_view text, std::size_t limit = 60);

// The error that all refusals of a text share; `problems` are put in the order of the text.
Error malformed(std::vector<Problem> problems);

// Size, encoding, NUL, byte order marks, nothing but white space.
std::optional<Error> check_text(std::string_view text, const Limits& limits);

// A leading UTF-8 byte order mark is allowed and means nothing.
std::string_view without_byte_order_mark(std::string_view text);

}  // namespace sluice::text
