#include "platform/auth/service_token.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "platform/auth/base64url.h"
#include "platform/core/assert.h"
#include "platform/core/id_source.h"
#include "platform/core/sha256.h"

namespace sluice::auth {
namespace {

constexpr std::size_t kIdBytes = 8;
constexpr std::size_t kIdSize = 2 * kIdBytes;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kSecretSize = 43;
constexpr std::size_t kSecretAt = kServiceTokenPrefix.size() + kIdSize + 1;

bool is_lower_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

bool is_service_token_id(std::string_view text) {
  return text.size() == kIdSize && is_lower_hex(text);
}

// By position, for the secret may hold underscores itself.
std::optional<ServiceTokenText> parse_service_token(std::string_view text) {
  if (text.size() != kSecretAt + kSecretSize || !text.starts_with(kServiceTokenPrefix))
    return std::nullopt;
  const ServiceTokenText parts{text.substr(kServiceTokenPrefix.size(), kIdSize),
                               text.substr(kSecretAt)};
  const bool well_formed = is_service_token_id(parts.id) && text[kSecretAt - 1] == '_' &&
                           decode_base64url(parts.secret).has_value();
  return well_formed ? std::optional(parts) : std::nullopt;
}

std::string new_service_token_text() {
  std::array<unsigned char, kSecretBytes> secret{};
  SLUICE_ASSERT(RAND_bytes(secret.data(), static_cast<int>(secret.size())) == 1);
  std::string text(kServiceTokenPrefix);
  text += random_hex(kIdBytes);
  text += '_';
  text += encode_base64url({reinterpret_cast<const char*>(secret.data()), secret.size()});
  return text;
}

std::string hash_secret(std::string_view secret) { return sha256_hex(secret); }

}  // namespace sluice::auth
