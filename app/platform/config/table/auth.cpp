#include "platform/config/table/places.h"

namespace sluice::config::table {

// NOLINTNEXTLINE(readability-function-size): one table, no logic
std::vector<Key> auth_keys() {
  return {
    {.path = "auth.issuer",
     .target = [](Config& c) -> Target { return &c.auth.issuer; },
     .description = "`iss` that JWTs must carry; required with `auth.jwks_file`.",
     .development = "\"\""},
    {.path = "auth.audience",
     .target = [](Config& c) -> Target { return &c.auth.audience; },
     .description = "`aud` that JWTs must carry.",
     .development = "sluice"},
    {.path = "auth.jwks_file",
     .target = [](Config& c) -> Target { return &c.auth.jwks_file; },
     .description = "JWKS file with the keys that sign JWTs (EdDSA, RS256, ES256, HS256); empty = no JWTs.",
     .development = "\"\"",
     .form = StringForm::kInputFile},
    {.path = "auth.signing_keys",
     .target = [](Config& c) -> Target { return &c.auth.signing_keys; },
     .description = "Folder of the keys that sign approvals and audit checkpoints (`sluice keys generate`); the same "
                    "for every process. In development a first key is made at the start.",
     .development = "keys",
     .production = "/etc/sluice/keys"},
    {.path = "auth.clock_skew_ms",
     .target = [](Config& c) { return number(c.auth.clock_skew); },
     .description = "How far the clocks of issuers may be off.",
     .development = "30000",
     .max = 300'000},
    {.path = "auth.cache_ms",
     .target = [](Config& c) { return number(c.auth.cache); },
     .description = "How long a verified service token is remembered: a revocation counts within it.",
     .development = "5000",
     .max = 5'000},
    {.path = "auth.service_tokens",
     .target = [](Config& c) -> Target { return &c.auth.service_tokens; },
     .description = "Accept the tokens that `sluice token issue` makes.",
     .development = "true"},
    {.path = "rate_limit.window_ms",
     .target = [](Config& c) { return number(c.rate_limit.window); },
     .description = "Window of the limit on each principal's requests.",
     .development = "60000",
     .min = 100,
     .max = kDay},
    {.path = "rate_limit.max",
     .target = [](Config& c) { return number(c.rate_limit.max); },
     .description = "Requests of one principal in a window; beyond it the answer is 429.",
     .development = "6000",
     .production = "600",
     .min = 1,
     .max = 1'000'000'000},
  };
}

}  // namespace sluice::config::table
