#include "platform/auth/signing_key.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>

#include "platform/core/assert.h"

namespace sluice::auth {
namespace {

constexpr std::size_t kPublicBytes = 32;
constexpr std::size_t kSignatureBytes = 64;

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

Bio reader_of(std::string_view text) {
  Bio bio{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
  SLUICE_ASSERT(bio != nullptr);
  return bio;
}

// Without it OpenSSL would ask for the password on the terminal.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*context*/) { return -1; }

}  // namespace

Result<SigningKey> SigningKey::checked(EVP_PKEY* key, bool private_half) {
  const std::shared_ptr<EVP_PKEY> held{key, EVP_PKEY_free};
  ERR_clear_error();
  if (key != nullptr && EVP_PKEY_is_a(key, "ED25519") == 1) return SigningKey(held, private_half);
  return Error{ErrorKind::kInvalid, "auth.key",
               private_half ? "It is not an Ed25519 private key in PEM without a password."
                            : "It is not an Ed25519 public key in PEM.",
               "Make one: sluice keys generate.", {}};
}

SigningKey SigningKey::generate() {
  std::shared_ptr<EVP_PKEY> key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free};
  SLUICE_ASSERT(key != nullptr);
  return {std::move(key), true};
}

Result<SigningKey> SigningKey::from_private_pem(std::string_view pem) {
  const Bio bio = reader_of(pem);
  return checked(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr), true);
}

Result<SigningKey> SigningKey::from_public_pem(std::string_view pem) {
  const Bio bio = reader_of(pem);
  return checked(PEM_read_bio_PUBKEY(bio.get(), nullptr, no_password, nullptr), false);
}

std::string SigningKey::sign(std::string_view message) const {
  SLUICE_ASSERT(private_half_);
  const std::unique_ptr<EVP_MD_CTX, FreeDigest> context{EVP_MD_CTX_new()};
  std::string signature(kSignatureBytes, '\0');
  std::size_t size = signature.size();
  SLUICE_ASSERT(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
  SLUICE_ASSERT(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                               reinterpret_cast<const unsigned char*>(message.data()),
                               message.size()) == 1);
  SLUICE_ASSERT(size == kSignatureBytes);
  return signature;
}

std::string SigningKey::public_bytes() const {
  std::string bytes(kPublicBytes, '\0');
  std::size_t size = bytes.size();
  SLUICE_ASSERT(EVP_PKEY_get_raw_public_key(
                    key_.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size) == 1);
  SLUICE_ASSERT(size == kPublicBytes);
  return bytes;
}

VerificationKey SigningKey::verifier() const {
  auto key = VerificationKey::ed25519(public_bytes());
  SLUICE_ASSERT(key.has_value());
  return std::move(*key);
}

std::string SigningKey::private_pem() const {
  SLUICE_ASSERT(private_half_);
  const Bio bio{BIO_new(BIO_s_mem())};
  SLUICE_ASSERT(PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr,
                                              nullptr) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  SLUICE_ASSERT(size > 0);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace sluice::auth
