#include "platform/auth/key_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/auth/base64url.h"
#include "platform/auth/signer_for_test.h"

namespace sluice::auth {
namespace {

Json good_key(const Json& patch = Json::object()) {
  static const Json key = SignerForTest::ed25519().public_jwk("a");
  Json changed = key;
  changed.merge_patch(patch);
  return changed;
}

Json secret(std::size_t bytes) {
  return {{"kty", "oct"}, {"kid", "s"}, {"k", encode_base64url(std::string(bytes, 's'))}};
}

std::string document(std::initializer_list<Json> keys) {
  return Json{{"keys", Json(std::vector<Json>(keys))}}.dump();
}

std::size_t size_of(const std::string& jwks) {
  const auto set = KeySet::parse(jwks);
  EXPECT_TRUE(set) << set.error().describe();
  return set ? set->size() : 0;
}

TEST(KeySet, PassesOverWhatIsNotForUs) {
  EXPECT_EQ(size_of(document({good_key(),
                              good_key({{"kid", "b"}, {"use", "enc"}}),
                              good_key({{"kid", "c"}, {"alg", "ES256"}}),
                              {{"kty", "RSA"}, {"kid", "d"}, {"alg", "RSA-OAEP"}},
                              {{"kty", "EC"}, {"kid", "e"}, {"crv", "P-384"}},
                              {{"kty", "OKP"}, {"kid", "f"}, {"crv", "X25519"}},
                              {{"kty", "AKP"}, {"kid", "g"}}})),
            1U);
  EXPECT_EQ(size_of(document({good_key({{"use", "sig"}, {"alg", "EdDSA"}, {"x5t", "?"}})})), 1U);
}

struct RefusedCase {
  std::string name;
  std::string jwks;
  std::string message;
};

TEST(KeySet, RefusesTheWholeDocumentForOneBadKey) {
  const std::vector<RefusedCase> cases = {
      {"no JSON", "keys: []", ""},
      {"duplicate member", R"({"keys":[],"keys":[]})", ""},
      {"a bare key", good_key().dump(), "no list of keys"},
      {"keys is an object", R"({"keys":{}})", "no list of keys"},
      {"no key", R"({"keys":[]})", "no key for"},
      {"no key for us", document({{{"kty", "EC"}, {"crv", "P-521"}}}), "no key for"},
      {"a text among keys", R"({"keys":["x"]})", "not an object"},
      {"private key", document({good_key({{"d", "AA"}})}), "private key"},
      {"broken base64", document({good_key({{"x", "AA=="}})}), "Ed25519"},
      {"part missing", document({good_key({{"x", nullptr}})}), "Ed25519"},
      {"part is a number", document({good_key({{"x", 1}})}), "Ed25519"},
      {"short secret", document({secret(31)}), "32 bytes"},
      {"short RSA key", document({SignerForTest::rsa(1024).public_jwk("r")}), "2048"},
      {"kid twice", document({good_key(), good_key()}), "same kid"},
      {"no kid twice", document({good_key({{"kid", nullptr}}), good_key({{"kid", nullptr}})}),
       "same kid"},
      {"no kid beside others", document({good_key(), good_key({{"kid", nullptr}})}), "no kid"},
  };
  for (const auto& c : cases) {
    const auto set = KeySet::parse(c.jwks);
    ASSERT_FALSE(set) << c.name;
    EXPECT_EQ(set.error().kind, ErrorKind::kInvalid) << c.name;
    EXPECT_THAT(set.error().message, testing::HasSubstr(c.message)) << c.name;
  }
}

TEST(KeySet, NamesThePlaceButNeverTheSecret) {
  const std::string text = "{\"keys\": [\n  " + secret(31).dump() + "]}";
  const auto set = KeySet::parse(text);
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().problems.at(0).line, 2);
  EXPECT_EQ(set.error().problems.at(0).field, "keys[0]");
  EXPECT_THAT(set.error().describe(), testing::Not(testing::HasSubstr("c3Nz")));
}

TEST(KeySet, FindsByKidOrTheOnlyKey) {
  const auto one = KeySet::parse(document({good_key({{"kid", nullptr}})}));
  EXPECT_NE(one->find(std::nullopt), nullptr);
  EXPECT_EQ(one->find(""), nullptr);
  EXPECT_EQ(one->find("a"), nullptr);
  const auto two = KeySet::parse(document({good_key(), secret(32)}));
  EXPECT_EQ(two->find(std::nullopt), nullptr);
  EXPECT_EQ(two->find("a")->algorithm(), Algorithm::kEdDsa);
  EXPECT_EQ(two->find("s")->algorithm(), Algorithm::kHs256);
}

}  // namespace
}  // namespace sluice::auth
