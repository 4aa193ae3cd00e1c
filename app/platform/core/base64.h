// Base64 with padding (RFC 4648 §4), as HTTP's Basic scheme wants it. platform/auth has base64url.
#pragma once

#include <string>
#include <string_view>

namespace sluice {

std::string to_base64(std::string_view bytes);

}  // namespace sluice
