// Small questions about text that every layer asks.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

bool is_valid_utf8(std::string_view bytes);
std::string_view trim(std::string_view text);  // ASCII white space
std::string to_lower(std::string_view text);   // ASCII
std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
// For "did you mean …?": the candidate nearest to `word`, if near enough to be a slip of the hand.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);
// '*' stands for any run of characters, everything else for itself; the whole text must match.
bool matches_glob(std::string_view pattern, std::string_view text);
// Whether a setting of this name holds a password, a private key or a token, for whoever shows settings.
bool names_a_secret(std::string_view setting);
// Control characters as \n, \t, \xNN; at most `limit` bytes of input, never cut
// inside a character, then "…". For logs and errors.
std::string printable(std::string_view text, std::size_t limit = 200);

}  // namespace sluice
