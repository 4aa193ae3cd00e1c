// One Ed25519 key in PEM, as the folder of signing keys holds it. Immutable, so thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "platform/auth/verification_key.h"
#include "platform/core/result.h"

namespace sluice::auth {

class SigningKey {
 public:
  static SigningKey generate();
  // kInvalid (auth.key) for anything but an Ed25519 key; a password is never asked for.
  static Result<SigningKey> from_private_pem(std::string_view pem);
  static Result<SigningKey> from_public_pem(std::string_view pem);

  [[nodiscard]] bool can_sign() const { return private_half_; }
  // Precondition: can_sign().
  [[nodiscard]] std::string sign(std::string_view message) const;  // 64 bytes
  [[nodiscard]] std::string public_bytes() const;                  // 32 bytes
  [[nodiscard]] VerificationKey verifier() const;
  // Precondition: can_sign(). PKCS#8.
  [[nodiscard]] std::string private_pem() const;

 private:
  SigningKey(std::shared_ptr<evp_pkey_st> key, bool private_half)
      : key_(std::move(key)), private_half_(private_half) {}
  static Result<SigningKey> checked(evp_pkey_st* key, bool private_half);

  std::shared_ptr<evp_pkey_st> key_;
  bool private_half_;
};

}  // namespace sluice::auth
