#include "platform/auth/signer_for_test.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <array>

#include "platform/auth/base64url.h"
#include "platform/core/assert.h"

namespace sluice::auth {
namespace {

using Key = std::shared_ptr<evp_pkey_st>;

Key hold(EVP_PKEY* key) {
  SLUICE_ASSERT(key != nullptr);
  return {key, EVP_PKEY_free};
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string to_bytes(const BIGNUM* value, std::size_t size) {
  std::string text(size, '\0');
  SLUICE_ASSERT(BN_bn2binpad(value, reinterpret_cast<unsigned char*>(text.data()),
                             static_cast<int>(size)) > 0);
  return text;
}

std::string der_to_raw(const std::string& der) {
  const unsigned char* at = bytes(der);
  const std::shared_ptr<ECDSA_SIG> signature(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free);
  return to_bytes(ECDSA_SIG_get0_r(signature.get()), 32) +
         to_bytes(ECDSA_SIG_get0_s(signature.get()), 32);
}

}  // namespace

SignerForTest::SignerForTest(Algorithm algorithm, Key key, std::string secret)
    : algorithm_(algorithm), key_(std::move(key)), secret_(std::move(secret)) {}

SignerForTest SignerForTest::ed25519() {
  return {Algorithm::kEdDsa, hold(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")), ""};
}

SignerForTest SignerForTest::rsa(int bits) {
  return {Algorithm::kRs256,
          hold(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(bits))), ""};
}

SignerForTest SignerForTest::p256() {
  return {Algorithm::kEs256, hold(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")), ""};
}

SignerForTest SignerForTest::hmac(std::string secret) {
  return {Algorithm::kHs256, nullptr, std::move(secret)};
}

std::string SignerForTest::sign(std::string_view message) const {
  std::string signature(1024, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  std::size_t size = signature.size();
  if (algorithm_ == Algorithm::kHs256) {
    unsigned int mac_size = 0;
    HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()), bytes(message),
         message.size(), out, &mac_size);
    return signature.substr(0, mac_size);
  }
  const std::shared_ptr<EVP_MD_CTX> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const EVP_MD* hash = algorithm_ == Algorithm::kEdDsa ? nullptr : EVP_sha256();
  SLUICE_ASSERT(EVP_DigestSignInit(context.get(), nullptr, hash, nullptr, key_.get()) == 1);
  SLUICE_ASSERT(EVP_DigestSign(context.get(), out, &size, bytes(message), message.size()) == 1);
  signature.resize(size);
  return algorithm_ == Algorithm::kEs256 ? der_to_raw(signature) : signature;
}

std::string SignerForTest::number(const char* name, std::size_t size) const {
  BIGNUM* value = nullptr;
  SLUICE_ASSERT(EVP_PKEY_get_bn_param(key_.get(), name, &value) == 1);
  const std::shared_ptr<BIGNUM> held(value, BN_free);
  return encode_base64url(to_bytes(value, size));
}

Json SignerForTest::public_jwk(std::string_view kid) const {
  switch (algorithm_) {
    case Algorithm::kEdDsa: {
      std::string x(32, '\0');
      std::size_t size = x.size();
      EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(x.data()), &size);
      return {{"kty", "OKP"}, {"crv", "Ed25519"}, {"kid", kid}, {"x", encode_base64url(x)}};
    }
    case Algorithm::kRs256: {
      const auto size = static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()));
      return {{"kty", "RSA"},
              {"kid", kid},
              {"n", number(OSSL_PKEY_PARAM_RSA_N, size)},
              {"e", number(OSSL_PKEY_PARAM_RSA_E, 3)}};
    }
    case Algorithm::kEs256:
      return {{"kty", "EC"},
              {"crv", "P-256"},
              {"kid", kid},
              {"x", number(OSSL_PKEY_PARAM_EC_PUB_X, 32)},
              {"y", number(OSSL_PKEY_PARAM_EC_PUB_Y, 32)}};
    case Algorithm::kHs256: return {{"kty", "oct"}, {"kid", kid}, {"k", encode_base64url(secret_)}};
  }
  return {};
}

std::string SignerForTest::public_pem() const {
  const std::shared_ptr<BIO> out(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PUBKEY(out.get(), key_.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string SignerForTest::token(std::string_view header, std::string_view claims) const {
  const std::string signed_text = encode_base64url(header) + "." + encode_base64url(claims);
  return signed_text + "." + encode_base64url(sign(signed_text));
}

}  // namespace sluice::auth
