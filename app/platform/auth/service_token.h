// Tokens that Sluice itself issues, for programs: `slt_<id>_<secret>`. The secret is 32 random
// bytes and is never stored; with that much entropy a plain SHA-256 is a sufficient hash. Value
// types.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/auth/principal.h"
#include "platform/core/clock.h"

namespace sluice::auth {

inline constexpr std::string_view kServiceTokenPrefix = "slt_";
inline constexpr std::string_view kServicePrincipalPrefix = "token:";

struct ServiceToken {
  std::string id;           // 16 hex digits; public: lists and logs show it
  std::string secret_hash;  // SHA-256 of the secret's text, 64 hex digits
  std::string principal;    // "token:ci-orders"
  std::string owner;        // the person who answers for it
  std::vector<Grant> grants;
  TimePoint created_at;
  TimePoint expires_at;
  std::optional<TimePoint> revoked_at;
  std::optional<TimePoint> last_used_at;  // to the minute or so
  std::string issuer = {};                // the person who had it issued

  bool operator==(const ServiceToken&) const = default;
};

// A token's text, taken apart. The parts point into the text.
struct ServiceTokenText {
  std::string_view id;
  std::string_view secret;
};
// Empty unless `text` has exactly the shape that new_service_token_text() makes.
std::optional<ServiceTokenText> parse_service_token(std::string_view text);
// A fresh id and secret, as the text to hand out.
std::string new_service_token_text();
bool is_service_token_id(std::string_view text);
std::string hash_secret(std::string_view secret);

}  // namespace sluice::auth
