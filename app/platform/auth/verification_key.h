// A key that checks signatures with the one algorithm it was made for. The algorithm belongs to the
// key and never to a token's header: that is what keeps a public RSA key from being used as an HMAC
// secret. Immutable, so thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "platform/core/result.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace sluice::auth {

enum class Algorithm : std::uint8_t { kEdDsa, kRs256, kEs256, kHs256 };

std::string_view to_string(Algorithm algorithm);  // the name in a JWS header: "EdDSA", "RS256", …

inline constexpr int kMinRsaBits = 2048;
inline constexpr int kMaxRsaBits = 8192;  // checking cost grows with the square
inline constexpr std::size_t kMinHmacSecretBytes = 32;

class VerificationKey {
 public:
  // The parts as a JWK holds them, base64url already decoded. A part of the wrong size, a point off
  // the curve or a weak key is an Error of kind kInvalid that names the part, never its value.
  static Result<VerificationKey> ed25519(std::string_view x);
  static Result<VerificationKey> rs256(std::string_view n, std::string_view e);
  static Result<VerificationKey> es256(std::string_view x, std::string_view y);
  static Result<VerificationKey> hs256(std::string_view secret);

  [[nodiscard]] Algorithm algorithm() const { return algorithm_; }
  // `signature` as JWS carries it (ES256: r||s, 64 bytes).
  [[nodiscard]] bool verify(std::string_view message, std::string_view signature) const;

 private:
  VerificationKey(Algorithm algorithm, std::shared_ptr<evp_pkey_st> public_key, std::string secret);
  [[nodiscard]] bool verify_digest(std::string_view message, std::string_view signature) const;
  [[nodiscard]] bool verify_hmac(std::string_view message, std::string_view signature) const;

  Algorithm algorithm_;
  std::shared_ptr<evp_pkey_st> public_key_;  // shared: a key set is copied on reload; not HS256
  std::string secret_;                       // HS256 only
};

}  // namespace sluice::auth
