// The keys of a JWKS document (RFC 7517). Immutable, so thread-safe.
//
// Each key checks exactly one algorithm, given by its type: OKP/Ed25519 is EdDSA, RSA is RS256,
// EC/P-256 is ES256, oct is HS256; an `alg` member must agree. Keys for other uses or of types that
// we don't know are passed over, as the RFC asks; a key of ours that is weak, broken, private or
// named twice refuses the whole document, so that a mistake shows when it is made.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "platform/auth/verification_key.h"
#include "platform/core/result.h"

namespace sluice::auth {

class KeySet {
 public:
  // kInvalid (code auth.jwks), with the place of what is wrong.
  static Result<KeySet> parse(std::string_view jwks);

  // Without a kid: the only key, if there is exactly one. Null when there is no such key.
  [[nodiscard]] const VerificationKey* find(const std::optional<std::string>& kid) const;
  [[nodiscard]] std::size_t size() const { return keys_.size(); }

 private:
  std::map<std::string, VerificationKey, std::less<>>
      keys_;  // by kid; "" for a lone key without one
};

}  // namespace sluice::auth
