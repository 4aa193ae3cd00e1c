#include "platform/auth/jwt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "platform/auth/base64url.h"
#include "platform/auth/signer_for_test.h"

namespace sluice::auth {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint kNow{seconds{1'700'000'000}};

// Four keys, as an operator would list them, and the tokens signed with them.
class Jwt : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (signers.empty()) {
      signers.emplace("ed", SignerForTest::ed25519());
      signers.emplace("rsa", SignerForTest::rsa(2048));
      signers.emplace("ec", SignerForTest::p256());
      signers.emplace("hs", SignerForTest::hmac(std::string(40, 's')));
    }
  }

  static std::shared_ptr<const KeySet> key_set(std::initializer_list<std::string> kids) {
    Json keys = Json::array();
    for (const auto& kid : kids) keys.push_back(signers.at(kid).public_jwk(kid));
    auto set = KeySet::parse(Json{{"keys", keys}}.dump());
    EXPECT_TRUE(set) << set.error().describe();
    return std::make_shared<KeySet>(std::move(*set));
  }

  Result<Verified> verify(const std::string& token) {
    JwtVerifier verifier([this] { return keys_; }, {"https://idp", "sluice", seconds{30}}, clock_);
    return verifier.verify(token, Deadline::after(seconds{1}));
  }
  std::string code(const std::string& token) {
    const auto verified = verify(token);
    return verified ? "ok" : verified.error().code;
  }
  // A good token of `kid`'s key, with the claims changed as `patch` says (null takes one out).
  static std::string token(const Json& patch = Json::object(), const std::string& kid = "ed") {
    Json claims = {
        {"iss", "https://idp"}, {"aud", "sluice"}, {"sub", "kim"}, {"exp", 1'700'000'600}};
    claims.merge_patch(patch);
    return signers.at(kid).token(header(kid), claims.dump());
  }
  static std::string header(const std::string& kid) {
    return Json{{"alg", to_string(signers.at(kid).algorithm())}, {"kid", kid}, {"typ", "JWT"}}
        .dump();
  }
  static std::string raw(const std::string& header_text, const std::string& kid = "ed") {
    return signers.at(kid).token(
        header_text, R"({"iss":"https://idp","aud":"sluice","sub":"kim","exp":1700000600})");
  }

  static std::map<std::string, SignerForTest> signers;  // made once: RSA keys are slow to find
  ManualClock clock_{kNow};
  std::shared_ptr<const KeySet> keys_ = key_set({"ed", "rsa", "ec", "hs"});
};

std::map<std::string, SignerForTest> Jwt::signers;

TEST_F(Jwt, AcceptsEveryAlgorithmWithItsOwnKey) {
  for (const char* kid : {"ed", "rsa", "ec", "hs"}) {
    const auto verified = verify(token(Json::object(), kid));
    ASSERT_TRUE(verified) << kid << ": " << verified.error().describe();
    EXPECT_EQ(verified->principal->id, "kim");
  }
}

TEST_F(Jwt, RefusesAnyAlgorithmThatIsNotTheKeys) {
  for (const char* algorithm : {"none", "None", "", "HS256", "RS256", "ES256", "HS384", "PS256"}) {
    EXPECT_EQ(code(raw(Json{{"alg", algorithm}, {"kid", "ed"}}.dump())), "auth.algorithm")
        << algorithm;
  }
  const std::string claims = encode_base64url(R"({"sub":"kim"})");
  EXPECT_EQ(code(encode_base64url(R"({"alg":"none"})") + "." + claims + "."), "auth.algorithm");
  EXPECT_EQ(code(encode_base64url(R"({"alg":"EdDSA","kid":"ed"})") + "." + claims + "."),
            "auth.signature");
}

// The classic: the public RSA key is no secret, and an HMAC with it must not pass for a signature.
TEST_F(Jwt, RefusesThePublicKeyAsHmacSecret) {
  keys_ = key_set({"rsa"});
  const auto& rsa = signers.at("rsa");
  const Json jwk = rsa.public_jwk("rsa");
  for (const std::string& secret : {rsa.public_pem(), jwk.dump(), jwk.at("n").get<std::string>(),
                                    *decode_base64url(jwk.at("n").get<std::string>())}) {
    const auto forger = SignerForTest::hmac(secret);
    const std::string claims =
        R"({"iss":"https://idp","aud":"sluice","sub":"kim","exp":1700000600})";
    EXPECT_EQ(code(forger.token(R"({"alg":"HS256","kid":"rsa"})", claims)), "auth.algorithm");
    EXPECT_EQ(code(forger.token(R"({"alg":"HS256"})", claims)), "auth.algorithm");
    EXPECT_EQ(code(forger.token(R"({"alg":"RS256","kid":"rsa"})", claims)), "auth.signature");
  }
}

TEST_F(Jwt, FindsTheKeyByItsIdOnly) {
  EXPECT_EQ(code(raw(R"({"alg":"EdDSA"})")), "auth.unknown") << "four keys, which one?";
  EXPECT_EQ(code(raw(R"({"alg":"EdDSA","kid":"other"})")), "auth.unknown");
  EXPECT_EQ(code(raw(R"({"alg":"EdDSA","kid":""})")), "auth.unknown");
  EXPECT_EQ(code(raw(R"({"alg":"EdDSA","kid":"ED"})")), "auth.unknown");
  EXPECT_EQ(code(raw(R"({"alg":"EdDSA","kid":7})")), "auth.malformed");
  EXPECT_EQ(code(raw(R"({"alg":"EdDSA","kid":["ed"]})")), "auth.malformed");
  EXPECT_EQ(code(raw(R"({"alg":"EdDSA","kid":"../../dev/null"})")), "auth.unknown");
  keys_ = key_set({"ed"});
  EXPECT_EQ(code(raw(R"({"alg":"EdDSA"})")), "ok") << "a single key needs no name";
  EXPECT_EQ(code(raw(R"({"alg":"EdDSA","kid":"other"})")), "auth.unknown");
}

TEST_F(Jwt, NeverTakesAKeyFromTheToken) {
  const auto forger = SignerForTest::ed25519();
  const Json bad_header = {{"alg", "EdDSA"}, {"kid", "ed"}, {"jwk", forger.public_jwk("ed")}};
  EXPECT_EQ(code(forger.token(bad_header.dump(), R"({"sub":"kim"})")), "auth.signature");
}

TEST_F(Jwt, RefusesWhatWasTamperedWith) {
  const std::string good = token();
  const auto first = good.find('.');
  const auto last = good.rfind('.');
  const std::string admin = encode_base64url(
      R"({"iss":"https://idp","aud":"sluice","sub":"kim","exp":1700000600,"role":"admin"})");
  EXPECT_EQ(code(good.substr(0, first + 1) + admin + good.substr(last)), "auth.signature");
  EXPECT_EQ(code(good.substr(0, last + 1) + token({{"sub", "eve"}}).substr(last + 1)),
            "auth.signature");
  EXPECT_EQ(code(good.substr(0, last + 1)), "auth.signature");
  std::string flipped = good;
  flipped[last + 10] = flipped[last + 10] == 'A' ? 'B' : 'A';
  EXPECT_EQ(code(flipped), "auth.signature");
}

TEST_F(Jwt, RefusesWhatIsNoToken) {
  const std::string good = token();
  const std::string head = encode_base64url(header("ed"));
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"no dots", "abc"},
      {"two parts", "a.b"},
      {"four parts", good + ".x"},
      {"only dots", ".."},
      {"padded header", head + "=" + good.substr(good.find('.'))},
      {"padded signature", good + "="},
      {"white space", good + " "},
      {"standard alphabet", good.substr(0, good.rfind('.') + 1) + "+/+/"},
      {"five jwe parts", "a.b.c.d.e"},
      {"too long", good + std::string(kMaxTokenBytes, 'A')},
      {"header is no JSON", signers.at("ed").token("{", "{}")},
      {"header is a list", signers.at("ed").token("[]", "{}")},
      {"header without alg", raw(R"({"kid":"ed"})")},
      {"alg is no string", raw(R"({"alg":null,"kid":"ed"})")},
      {"alg twice", raw(R"({"alg":"EdDSA","kid":"ed","alg":"none"})")},
      {"crit", raw(R"({"alg":"EdDSA","kid":"ed","crit":["exp"]})")},
      {"empty crit", raw(R"({"alg":"EdDSA","kid":"ed","crit":[]})")},
      {"typ of something else", raw(R"({"alg":"EdDSA","kid":"ed","typ":"secevent+jwt"})")},
      {"typ is no string", raw(R"({"alg":"EdDSA","kid":"ed","typ":1})")},
      {"deep header", raw(R"({"alg":"EdDSA","kid":"ed","x":[[[[[[[[[[[[]]]]]]]]]]]]})")},
  };
  for (const auto& [name, text] : cases) EXPECT_EQ(code(text), "auth.malformed") << name;
}

// Whatever one character of a good token becomes, it no longer counts.
TEST_F(Jwt, RefusesEveryOneCharacterMutation) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const std::string good = token();
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string changed = good;
    while (changed[at] == good[at]) changed[at] = static_cast<char>(random());
    EXPECT_NE(code(changed), "ok") << "at " << at;
    EXPECT_NE(code(good.substr(0, at)), "ok") << "cut at " << at;
  }
}

TEST_F(Jwt, AcceptsTheTypesOfAccessTokens) {
  for (const char* type : {"JWT", "jwt", "at+jwt", "application/at+jwt"}) {
    EXPECT_EQ(code(raw(Json{{"alg", "EdDSA"}, {"kid", "ed"}, {"typ", type}}.dump())), "ok") << type;
  }
}

struct ClaimCase {
  const char* name;
  Json patch;
  const char* code;
};

TEST_F(Jwt, JudgesTheClaims) {
  const ClaimCase cases[] = {
      {"good", Json::object(), "ok"},
      {"expired", {{"exp", 1'699'999'000}}, "auth.expired"},
      {"expired by the whole skew", {{"exp", 1'699'999'970}}, "auth.expired"},
      {"expired within the skew", {{"exp", 1'699'999'971}}, "ok"},
      {"float exp", {{"exp", 1'700'000'600.5}}, "ok"},
      {"float exp in the past", {{"exp", 1'600'000'000.5}}, "auth.expired"},
      {"exponent", {{"exp", 1e300}}, "auth.malformed"},
      {"negative exp", {{"exp", -1}}, "auth.malformed"},
      {"exp as a string", {{"exp", "1700000600"}}, "auth.malformed"},
      {"exp as a list", {{"exp", Json::array({1'700'000'600})}}, "auth.malformed"},
      {"exp missing", {{"exp", nullptr}}, "auth.malformed"},
      {"nbf in the future", {{"nbf", 1'700'000'031}}, "auth.not-yet-valid"},
      {"nbf within the skew", {{"nbf", 1'700'000'030}}, "ok"},
      {"nbf as a string", {{"nbf", "0"}}, "auth.malformed"},
      {"issued in the future", {{"iat", 1'700'000'031}}, "auth.not-yet-valid"},
      {"issued long ago", {{"iat", 1}}, "ok"},
      {"wrong issuer", {{"iss", "https://idp/"}}, "auth.issuer"},
      {"no issuer", {{"iss", nullptr}}, "auth.issuer"},
      {"issuer list", {{"iss", Json::array({"https://idp"})}}, "auth.issuer"},
      {"wrong audience", {{"aud", "other"}}, "auth.audience"},
      {"audience by prefix", {{"aud", "sluice-admin"}}, "auth.audience"},
      {"no audience", {{"aud", nullptr}}, "auth.audience"},
      {"empty audience list", {{"aud", Json::array()}}, "auth.audience"},
      {"among audiences", {{"aud", Json::array({"other", "sluice"})}}, "ok"},
      {"no sub", {{"sub", nullptr}}, "auth.malformed"},
      {"empty sub", {{"sub", ""}}, "auth.malformed"},
      {"sub with a line feed", {{"sub", "kim\nroot"}}, "auth.malformed"},
      {"sub is a number", {{"sub", 7}}, "auth.malformed"},
      {"long sub", {{"sub", std::string(257, 'k')}}, "auth.malformed"},
      {"sub of a service token", {{"sub", "token:ci"}}, "auth.malformed"},
      {"owner is no string", {{"owner", false}}, "auth.malformed"},
      {"jti is no string", {{"jti", 1}}, "auth.malformed"},
      {"role is no string", {{"role", 1}}, "auth.malformed"},
      {"roles hold a number", {{"roles", Json::array({"viewer", 1})}}, "auth.malformed"},
      {"grants is an object", {{"grants", Json::object({{"role", "admin"}})}}, "auth.malformed"},
      {"grant without role", {{"grants", Json::array({Json::object()})}}, "auth.malformed"},
      {"misspelt scope",
       {{"grants", Json::array({{{"role", "admin"}, {"enviroment", "test"}}})}},
       "auth.malformed"},
      {"scope twice",
       {{"grants", Json::array({{{"role", "admin"}, {"environment", "test"}, {"env", "*"}}})}},
       "auth.malformed"},
      {"scope is a list",
       {{"grants", Json::array({{{"role", "admin"}, {"env", Json::array({"test"})}}})}},
       "auth.malformed"},
      {"empty scope",
       {{"grants", Json::array({{{"role", "admin"}, {"env", ""}}})}},
       "auth.malformed"},
      {"names hold a number",
       {{"grants", Json::array({{{"role", "admin"}, {"names", Json::array({1})}}})}},
       "auth.malformed"},
  };
  for (const auto& c : cases) EXPECT_EQ(code(token(c.patch)), c.code) << c.name;
}

TEST_F(Jwt, RefusesClaimsThatAreNoStrictObject) {
  for (const char* claims : {"", "[]", "\"kim\"", "null", "{\"sub\":\"kim\",\"sub\":\"eve\"}",
                             "{\"sub\":\"kim\",}", "{\"sub\":\"kim\"} x", "{\"sub\":\"\xff\"}"}) {
    EXPECT_EQ(code(signers.at("ed").token(header("ed"), claims)), "auth.malformed") << claims;
  }
}

TEST_F(Jwt, TurnsClaimsIntoAPrincipal) {
  const auto verified =
      verify(token({{"owner", "boss"},
                    {"jti", "t-1"},
                    {"grants", Json::array({{{"role", "approver"},
                                             {"environment", "prod"},
                                             {"names", Json::array({"prod.a.*", "prod.b"})}},
                                            {{"role", "editor"}, {"env", "test"}, {"names", "t.*"}},
                                            {{"role", "emperor"}}})},
                    {"role", "viewer"},
                    {"roles", Json::array({"nobody", "viewer"})}}));
  ASSERT_TRUE(verified) << verified.error().describe();
  const Principal expected{"kim",
                           "boss",
                           "t-1",
                           {{Role::kApprover, "prod", "prod.a.*"},
                            {Role::kApprover, "prod", "prod.b"},
                            {Role::kEditor, "test", "t.*"},
                            {Role::kViewer, "*", "*"},
                            {Role::kViewer, "*", "*"}}};
  EXPECT_EQ(*verified->principal, expected);
  EXPECT_EQ(verified->expires_at, TimePoint{seconds{1'700'000'630}});
}

TEST_F(Jwt, GivesATokenWithoutGrantsNone) {
  const auto verified = verify(token());
  EXPECT_TRUE(verified->principal->grants.empty());
  EXPECT_EQ(verified->principal->owner, "kim");
}

TEST_F(Jwt, NamesNoSecretInItsErrors) {
  const std::string text = token({{"sub", "kim\n"}});
  const auto refused = verify(text);
  EXPECT_THAT(refused.error().describe(), testing::Not(testing::HasSubstr(text.substr(0, 20))));
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnauthenticated);
}

}  // namespace
}  // namespace sluice::auth
