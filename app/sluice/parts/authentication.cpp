#include "sluice/parts/authentication.h"

#include "platform/core/assert.h"
#include "sluice/key_routes.h"
#include "sluice/token_routes.h"

namespace sluice::parts {

Authentication::Authentication(Built, const Foundation& foundation)
    : foundation_(foundation),
      logger_(foundation.logger.module("auth")),
      signing_keys_(foundation.config.auth.signing_keys, foundation.clock),
      tokens_(foundation.database),
      token_service_(tokens_, foundation.clock) {}

Result<std::unique_ptr<Authentication>> Authentication::build(const Foundation& foundation) {
  auto part = std::make_unique<Authentication>(Built{}, foundation);
  const config::Auth& config = foundation.config.auth;
  if (!config.jwks_file.empty()) {
    SLUICE_CHECK(part->open_jwks(foundation));
  }
  auth::CachingAuthenticator::Verifiers verifiers;
  if (config.service_tokens) verifiers.service_tokens = &part->token_service_;
  if (part->jwt_verifier_) verifiers.jwts = &*part->jwt_verifier_;
  auto& authenticator = part->authenticator_.emplace(
      verifiers, foundation.clock,
      auth::CacheOptions{.service_tokens = config.cache, .store_wait = foundation.config.database.call_deadline});
  foundation.metrics.counter_callback("auth_cache_hits_total", "Tokens answered from memory, refusals included.",
                                      [&authenticator] { return static_cast<double>(authenticator.stats().hits); });
  foundation.metrics.counter_callback("auth_cache_misses_total", "Tokens that had to be verified.",
                                      [&authenticator] { return static_cast<double>(authenticator.stats().misses); });
  return part;
}

Status Authentication::open_jwks(const Foundation& foundation) {
  const config::Auth& config = foundation.config.auth;
  auto jwks = auth::JwksFile::open(config.jwks_file, foundation.clock, [this](const Error& error) {
    logger_.error("key file not usable, keeping the last keys", {{"error", error.describe()}});
  });
  if (!jwks) return in_file(config.jwks_file, std::move(jwks).error());
  jwks_ = std::move(*jwks);
  jwt_verifier_.emplace([this] { return jwks_->keys(); },
                        auth::ClaimRules{.issuer = config.issuer,
                                         .audience = config.audience,
                                         .clock_skew = std::chrono::ceil<std::chrono::seconds>(config.clock_skew)},
                        foundation.clock);
  return {};
}

void Authentication::add_routes(http::Router& router) {
  SLUICE_ASSERT(trail_ != nullptr);
  router.add(token_routes(token_service_, *trail_, logger_));
  router.add(key_route(signing_keys_));
}

// A laptop gets its first key by itself. In production whoever runs the installation makes it: a key
// that appears by itself in one process is one that the others don't have.
void Authentication::make_first_key() const {
  const std::string& folder = foundation_.config.auth.signing_keys;
  if (foundation_.config.production() || !auth::has_no_signing_key(folder)) return;
  const auto made = auth::generate_signing_key(folder, foundation_.clock);
  if (made) {
    logger_.info("signing key made", {{"key", *made}, {"folder", folder}});
  } else {
    logger_.warn("no signing key; nothing can be approved", {{"reason", made.error().describe()}});
  }
}

void Authentication::add_components(tasks::Lifecycle& lifecycle) {
  lifecycle.add(component(
      "signing keys",
      [this](Deadline) -> Status {
        make_first_key();
        return {};
      },
      {}));
}

}  // namespace sluice::parts
