// What a JWT claims, judged. Pure: the caller supplies the time.
#pragma once

#include <chrono>
#include <string>

#include "platform/auth/token_verifier.h"
#include "platform/core/clock.h"
#include "platform/core/result.h"
#include "platform/text/node.h"

namespace sluice::auth {

struct ClaimRules {
  std::string issuer;    // `iss` must be exactly this; not empty
  std::string audience;  // `aud` must be or contain exactly this; not empty
  std::chrono::seconds clock_skew{30};
};

// `claims` is the token's payload, whose signature has been checked. `exp` is required; `nbf` and
// `iat` may not lie in the future. `sub` becomes the principal's id, `owner` (or else `sub`) its
// owner, `jti` its token id; its grants come from `grants` (see grants.h) and from `role` and
// `roles` (a string or a list of them, in every environment). Roles that we don't know grant
// nothing.
Result<Verified> judge_claims(const text::Node& claims, const ClaimRules& rules, TimePoint now);

}  // namespace sluice::auth
