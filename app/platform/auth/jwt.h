// Verifies JSON Web Tokens: JWS compact form (RFC 7515), signed with EdDSA, RS256, ES256 or HS256.
// Thread-safe; never waits but for `keys`.
//
// The key decides the algorithm and the header only names the key: `alg` must be what the key says,
// `kid` may be absent only when there is a single key. Header members that carry keys (jwk, jku,
// x5c) are never looked at, `crit` refuses the token. The signature is checked before the claims
// are read.
#pragma once

#include <functional>
#include <memory>

#include "platform/auth/claims.h"
#include "platform/auth/key_set.h"
#include "platform/auth/token_verifier.h"
#include "platform/core/clock.h"

namespace sluice::auth {

class JwtVerifier final : public TokenVerifier {
 public:
  using KeySource = std::function<std::shared_ptr<const KeySet>()>;  // never null

  JwtVerifier(KeySource keys, ClaimRules rules, const Clock& clock);
  Result<Verified> verify(std::string_view token, Deadline deadline) override;

 private:
  const KeySource keys_;
  const ClaimRules rules_;
  const Clock& clock_;
};

}  // namespace sluice::auth
