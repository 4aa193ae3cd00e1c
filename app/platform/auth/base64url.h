// base64url without padding (RFC 4648 §5), strict: one text for one sequence of bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::auth {

std::string encode_base64url(std::string_view bytes);
// Empty optional on padding, white space, the standard alphabet's + and /, an impossible length, or
// spare bits that are not zero.
std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace sluice::auth
