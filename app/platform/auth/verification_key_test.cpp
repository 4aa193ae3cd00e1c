#include "platform/auth/verification_key.h"

#include <gtest/gtest.h>

#include "platform/auth/base64url.h"
#include "platform/auth/signer_for_test.h"

namespace sluice::auth {
namespace {

std::string b64(std::string_view text) { return decode_base64url(text).value(); }

// The signed texts of the RFCs, so that we agree with others and not only with ourselves.
bool verifies(const Result<VerificationKey>& key, const std::string& token) {
  const auto dot = token.rfind('.');
  return key->verify(token.substr(0, dot), b64(token.substr(dot + 1)));
}

TEST(VerificationKey, AcceptsTheEdDsaTokenOfRfc8037) {
  const auto key = VerificationKey::ed25519(b64("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
  ASSERT_TRUE(key);
  EXPECT_TRUE(verifies(
      key,
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-"
      "09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"));
}

TEST(VerificationKey, AcceptsTheHs256TokenOfRfc7515) {
  const auto key = VerificationKey::hs256(b64(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"));
  ASSERT_TRUE(key);
  EXPECT_TRUE(verifies(
      key,
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQog"
      "Imh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_"
      "wW1gFWFOEjXk"));
}

TEST(VerificationKey, AcceptsTheEs256TokenOfRfc7515) {
  const auto key = VerificationKey::es256(b64("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                                          b64("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"));
  ASSERT_TRUE(key);
  EXPECT_TRUE(verifies(key,
                       "eyJhbGciOiJFUzI1NiJ9."
                       "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNv"
                       "bS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-"
                       "F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxf"
                       "KTUJqPP3-Kg6NU1Q"));
}

TEST(VerificationKey, AcceptsTheRs256TokenOfRfc7515) {
  const auto key =
      VerificationKey::rs256(b64("ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-"
                                 "Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-"
                                 "yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_"
                                 "7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-"
                                 "KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_"
                                 "I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_"
                                 "h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"),
                             b64("AQAB"));
  ASSERT_TRUE(key);
  EXPECT_TRUE(verifies(
      key,
      "eyJhbGciOiJSUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNv"
      "bS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__"
      "dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm"
      "4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_"
      "nZLgrnbyTyWzO75vRK5h6"
      "xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-"
      "eOkHWEsqtFZESc6BfI7noOPqv"
      "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"));
}

TEST(VerificationKey, RefusesWeakAndBrokenKeys) {
  const std::string odd_e = b64("AQAB");
  EXPECT_FALSE(VerificationKey::ed25519(std::string(31, 'x')));
  EXPECT_FALSE(VerificationKey::ed25519(""));
  EXPECT_FALSE(VerificationKey::hs256(std::string(31, 'x')));
  EXPECT_FALSE(
      VerificationKey::es256(std::string(32, 'x'), std::string(32, 'y')));  // off the curve
  EXPECT_FALSE(VerificationKey::es256(std::string(32, '\0'), std::string(32, '\0')));
  EXPECT_FALSE(VerificationKey::es256(std::string(31, 'x'), std::string(33, 'y')));
  EXPECT_FALSE(VerificationKey::rs256(std::string(128, '\xff'), odd_e));   // 1024 bits
  EXPECT_FALSE(VerificationKey::rs256(std::string(2048, '\xff'), odd_e));  // 16384 bits
  EXPECT_FALSE(VerificationKey::rs256(std::string(256, '\xff'), ""));
  EXPECT_FALSE(VerificationKey::rs256(std::string(256, '\xff'), "\x01"));
  EXPECT_FALSE(VerificationKey::rs256(std::string(256, '\xff'), "\x04"));
  EXPECT_FALSE(VerificationKey::rs256("", odd_e));
}

TEST(VerificationKey, RefusesSignaturesThatAreCutLongEmptyOrChanged) {
  const SignerForTest signers[] = {SignerForTest::ed25519(), SignerForTest::rsa(2048),
                                   SignerForTest::p256(),
                                   SignerForTest::hmac(std::string(32, 's'))};
  for (const auto& signer : signers) {
    SCOPED_TRACE(to_string(signer.algorithm()));
    const Json jwk = signer.public_jwk("k");
    const auto member = [&](const char* name) { return b64(jwk.at(name).get<std::string>()); };
    const auto key =
        signer.algorithm() == Algorithm::kEdDsa   ? VerificationKey::ed25519(member("x"))
        : signer.algorithm() == Algorithm::kRs256 ? VerificationKey::rs256(member("n"), member("e"))
        : signer.algorithm() == Algorithm::kEs256 ? VerificationKey::es256(member("x"), member("y"))
                                                  : VerificationKey::hs256(member("k"));
    ASSERT_TRUE(key);
    const std::string good = signer.sign("message");
    EXPECT_TRUE(key->verify("message", good));
    EXPECT_FALSE(key->verify("massage", good));
    EXPECT_FALSE(key->verify("message", ""));
    EXPECT_FALSE(key->verify("message", good.substr(1)));
    EXPECT_FALSE(key->verify("message", good + "x"));
    EXPECT_FALSE(key->verify("message", std::string(good.size(), '\0')));
    std::string changed = good;
    changed[5] = static_cast<char>(changed[5] ^ 1);
    EXPECT_FALSE(key->verify("message", changed));
  }
}

}  // namespace
}  // namespace sluice::auth
