// SHA-256 over bytes, by OpenSSL.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace sluice {

std::array<unsigned char, 32> sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);  // 64 lower-case hex digits
std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);  // RFC 2104
std::string to_hex(std::string_view bytes);
// Takes the same time wherever the first difference is. For comparing secrets.
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace sluice
