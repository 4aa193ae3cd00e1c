// Who is calling (service tokens, JWTs, the routes by which tokens are issued), and the keys with which
// this installation signs what it has decided.
#pragma once

#include <memory>
#include <optional>

#include "audit/contract/audit_trail.h"
#include "platform/auth/caching_authenticator.h"
#include "platform/auth/jwks_file.h"
#include "platform/auth/jwt.h"
#include "platform/auth/signing_keys.h"
#include "platform/auth/sql_token_repository.h"
#include "platform/auth/token_service.h"
#include "sluice/parts/part.h"

namespace sluice::parts {

class Authentication final : public Part {
 private:
  struct Built {};  // only build() can make one

 public:
  Authentication(Built, const Foundation& foundation);
  // Reads the key file that the configuration names.
  static Result<std::unique_ptr<Authentication>> build(const Foundation& foundation);

  [[nodiscard]] auth::Authenticator& authenticator() { return *authenticator_; }
  [[nodiscard]] const auth::SigningKeys& signing_keys() const { return signing_keys_; }
  // Before the routes are added: tokens are issued and revoked on record only.
  void record_in(audit::contract::AuditTrail& trail) { trail_ = &trail; }
  void add_routes(http::Router& router) override;
  void add_components(tasks::Lifecycle& lifecycle) override;

 private:
  Status open_jwks(const Foundation& foundation);
  void make_first_key() const;

  const Foundation foundation_;
  const log::Logger logger_;
  const auth::SigningKeys signing_keys_;
  audit::contract::AuditTrail* trail_ = nullptr;
  auth::SqlTokenRepository tokens_;
  auth::TokenService token_service_;
  std::unique_ptr<auth::JwksFile> jwks_;
  std::optional<auth::JwtVerifier> jwt_verifier_;
  std::optional<auth::CachingAuthenticator> authenticator_;
};

}  // namespace sluice::parts
