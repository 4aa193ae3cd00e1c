#include "platform/auth/verification_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>

#include <array>
#include <optional>

#include "platform/core/assert.h"
#include "platform/core/sha256.h"

namespace sluice::auth {
namespace {

constexpr std::size_t kP256Bytes = 32;

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <typename T, auto Free>
using Holder = std::unique_ptr<T, Freer<Free>>;

using BigNumber = Holder<BIGNUM, BN_free>;
using PublicKey = Holder<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Holder<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Holder<EVP_MD_CTX, EVP_MD_CTX_free>;
using EcdsaSignature = Holder<ECDSA_SIG, ECDSA_SIG_free>;
using ParamBuilder = Holder<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Params = Holder<OSSL_PARAM, OSSL_PARAM_free>;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

BigNumber big_number(std::string_view big_endian) {
  return BigNumber{BN_bin2bn(bytes(big_endian), static_cast<int>(big_endian.size()), nullptr)};
}

Error bad_key(std::string message, std::string fix) {
  return {ErrorKind::kInvalid, "auth.key", std::move(message), std::move(fix), {}};
}

// OpenSSL keeps a queue of errors per thread, which others would read as theirs.
template <typename T>
T drop_openssl_errors(T value) {
  ERR_clear_error();
  return value;
}

PublicKey make_public_key(const char* type, const Params& params) {
  const KeyContext context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
  EVP_PKEY* made = nullptr;
  if (params == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return drop_openssl_errors(PublicKey{});
  }
  PublicKey key{made};
  const KeyContext check{EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr)};
  if (check == nullptr || EVP_PKEY_public_check(check.get()) != 1) {
    return drop_openssl_errors(PublicKey{});
  }
  return key;
}

// JWS carries r||s, OpenSSL wants them in ASN.1.
std::optional<std::string> to_der(std::string_view raw) {
  if (raw.size() != 2 * kP256Bytes) return std::nullopt;
  const EcdsaSignature signature{ECDSA_SIG_new()};
  auto r = big_number(raw.substr(0, kP256Bytes));
  auto s = big_number(raw.substr(kP256Bytes));
  SLUICE_ASSERT(signature && r && s && ECDSA_SIG_set0(signature.get(), r.get(), s.get()) == 1);
  (void)r.release();  // the signature owns them now
  (void)s.release();
  std::array<unsigned char, 80> der{};
  unsigned char* end = der.data();
  const int size = i2d_ECDSA_SIG(signature.get(), &end);
  SLUICE_ASSERT(size > 0 && static_cast<std::size_t>(size) <= der.size());
  return std::string(reinterpret_cast<const char*>(der.data()), static_cast<std::size_t>(size));
}

}  // namespace

std::string_view to_string(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kEdDsa: return "EdDSA";
    case Algorithm::kRs256: return "RS256";
    case Algorithm::kEs256: return "ES256";
    case Algorithm::kHs256: return "HS256";
  }
  return "";
}

VerificationKey::VerificationKey(Algorithm algorithm, std::shared_ptr<evp_pkey_st> public_key,
                                 std::string secret)
    : algorithm_(algorithm), public_key_(std::move(public_key)), secret_(std::move(secret)) {}

Result<VerificationKey> VerificationKey::ed25519(std::string_view x) {
  PublicKey key{EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(x), x.size())};
  if (drop_openssl_errors(key == nullptr)) {
    return bad_key("The Ed25519 key's x is not a public key of 32 bytes.", "Export the key again.");
  }
  return VerificationKey(Algorithm::kEdDsa, std::move(key), "");
}

Result<VerificationKey> VerificationKey::rs256(std::string_view n, std::string_view e) {
  const auto modulus = big_number(n.substr(0, kMaxRsaBits / 8 + 1));
  const auto exponent = big_number(e.substr(0, 9));
  const int bits = BN_num_bits(modulus.get());
  if (bits < kMinRsaBits || bits > kMaxRsaBits) {
    return bad_key("The RSA key does not have between 2048 and 8192 bits.",
                   "Make a key of 3072 bits.");
  }
  if (BN_num_bits(exponent.get()) > 64 || !BN_is_odd(exponent.get()) || BN_is_one(exponent.get())) {
    return bad_key("The RSA key's e is not an odd number between 3 and 2^64.",
                   "Make a key with e = 65537.");
  }
  const ParamBuilder builder{OSSL_PARAM_BLD_new()};
  SLUICE_ASSERT(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) == 1);
  SLUICE_ASSERT(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) == 1);
  auto key = make_public_key("RSA", Params{OSSL_PARAM_BLD_to_param(builder.get())});
  if (key == nullptr)
    return bad_key("The RSA key is no valid public key.", "Export the key again.");
  return VerificationKey(Algorithm::kRs256, std::move(key), "");
}

Result<VerificationKey> VerificationKey::es256(std::string_view x, std::string_view y) {
  if (x.size() != kP256Bytes || y.size() != kP256Bytes) {
    return bad_key("The P-256 key's x and y are not 32 bytes each.", "Export the key again.");
  }
  const std::string point = "\x04" + std::string(x) + std::string(y);  // uncompressed
  const ParamBuilder builder{OSSL_PARAM_BLD_new()};
  SLUICE_ASSERT(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                                "prime256v1", 0) == 1);
  SLUICE_ASSERT(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                                 point.data(), point.size()) == 1);
  auto key = make_public_key("EC", Params{OSSL_PARAM_BLD_to_param(builder.get())});
  if (key == nullptr)
    return bad_key("The P-256 key's point is not on the curve.", "Export the key again.");
  return VerificationKey(Algorithm::kEs256, std::move(key), "");
}

Result<VerificationKey> VerificationKey::hs256(std::string_view secret) {
  if (secret.size() < kMinHmacSecretBytes) {
    return bad_key("The HS256 secret has fewer than 32 bytes.",
                   "Make one: openssl rand 32 | basenc --base64url");
  }
  return VerificationKey(Algorithm::kHs256, nullptr, std::string(secret));
}

bool VerificationKey::verify(std::string_view message, std::string_view signature) const {
  if (algorithm_ == Algorithm::kHs256) return verify_hmac(message, signature);
  if (algorithm_ != Algorithm::kEs256) return verify_digest(message, signature);
  const auto der = to_der(signature);
  return der && verify_digest(message, *der);
}

bool VerificationKey::verify_digest(std::string_view message, std::string_view signature) const {
  const EVP_MD* hash = algorithm_ == Algorithm::kEdDsa ? nullptr : EVP_sha256();
  const DigestContext context{EVP_MD_CTX_new()};
  const bool good =
      context != nullptr &&
      EVP_DigestVerifyInit(context.get(), nullptr, hash, nullptr, public_key_.get()) == 1 &&
      EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(message),
                       message.size()) == 1;
  return drop_openssl_errors(good);
}

bool VerificationKey::verify_hmac(std::string_view message, std::string_view signature) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  SLUICE_ASSERT(HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()), bytes(message),
                     message.size(), mac.data(), &size) != nullptr);
  return equal_constant_time({reinterpret_cast<const char*>(mac.data()), size}, signature);
}

}  // namespace sluice::auth
