// Who is calling: service tokens, JWTs, and the routes by which tokens are issued.
#pragma once

#include <memory>
#include <optional>

#include "platform/auth/caching_authenticator.h"
#include "platform/auth/jwks_file.h"
#include "platform/auth/jwt.h"
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
  void add_routes(http::Router& router) override;

 private:
  Status open_jwks(const Foundation& foundation);

  const log::Logger logger_;
  auth::SqlTokenRepository tokens_;
  auth::TokenService token_service_;
  std::unique_ptr<auth::JwksFile> jwks_;
  std::optional<auth::JwtVerifier> jwt_verifier_;
  std::optional<auth::CachingAuthenticator> authenticator_;
};

}  // namespace sluice::parts
