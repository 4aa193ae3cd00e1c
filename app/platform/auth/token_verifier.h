// One kind of token, checked from scratch; CachingAuthenticator remembers the outcome. Thread-safe.
#pragma once

#include <memory>
#include <string_view>

#include "platform/auth/principal.h"
#include "platform/core/clock.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::auth {

inline constexpr std::size_t kMaxTokenBytes = 8192;

struct Verified {
  std::shared_ptr<const Principal> principal;
  TimePoint expires_at;  // from here on the token no longer counts
};

class TokenVerifier {
 public:
  virtual ~TokenVerifier() = default;
  // May wait for a store until the deadline. Errors as Authenticator's.
  virtual Result<Verified> verify(std::string_view token, Deadline deadline) = 0;
};

}  // namespace sluice::auth
