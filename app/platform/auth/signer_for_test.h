// Makes keys and signs tokens, as an identity provider would. For tests only.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "platform/auth/verification_key.h"
#include "platform/core/json.h"

namespace sluice::auth {

class SignerForTest {
 public:
  static SignerForTest ed25519();
  static SignerForTest rsa(int bits);
  static SignerForTest p256();
  static SignerForTest hmac(std::string secret);

  [[nodiscard]] Algorithm algorithm() const { return algorithm_; }
  [[nodiscard]] std::string sign(std::string_view message) const;  // as JWS carries it
  [[nodiscard]] Json public_jwk(std::string_view kid) const;
  [[nodiscard]] std::string public_pem() const;

  // header.claims.signature; both texts are taken as they are, so that tests can write nonsense.
  [[nodiscard]] std::string token(std::string_view header, std::string_view claims) const;

 private:
  SignerForTest(Algorithm algorithm, std::shared_ptr<evp_pkey_st> key, std::string secret);
  [[nodiscard]] std::string number(const char* name, std::size_t size) const;

  Algorithm algorithm_;
  std::shared_ptr<evp_pkey_st> key_;
  std::string secret_;
};

}  // namespace sluice::auth
