#include "platform/auth/caching_authenticator.h"

#include <gtest/gtest.h>

#include <thread>

#include "platform/auth/errors.h"
#include "platform/auth/memory_token_repository.h"
#include "platform/auth/token_service.h"

namespace sluice::auth {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint kStart{seconds{1'700'000'000}};

// Accepts tokens that begin with "good".
class FakeJwts final : public TokenVerifier {
 public:
  Result<Verified> verify(std::string_view token, Deadline) override {
    ++calls;
    if (!token.starts_with("good")) return errors::signature();
    return Verified{std::make_shared<Principal>(Principal{std::string(token), "kim", "", {}}),
                    expires_at};
  }
  std::atomic<int> calls{0};
  TimePoint expires_at = kStart + hours{1};
};

class CachingAuthenticatorTest : public testing::Test {
 protected:
  std::string issue() {
    return service_.issue({"ci", "kim", {{}}, hours{1}}, Deadline::after(seconds{5}))->token;
  }
  void revoke(const std::string& token) {
    ASSERT_TRUE(service_.revoke(parse_service_token(token)->id, Deadline::after(seconds{5})));
  }
  std::string code(std::string_view token) {
    const auto principal = authenticator_.authenticate(token);
    return principal ? "ok" : principal.error().code;
  }

  ManualClock clock_{kStart};
  MemoryTokenRepository repository_;
  TokenService service_{repository_, clock_};
  FakeJwts jwts_;
  CachingAuthenticator authenticator_{{&service_, &jwts_}, clock_};
};

TEST_F(CachingAuthenticatorTest, VerifiesOnceAndThenAnswersFromMemory) {
  EXPECT_EQ(authenticator_.cached("good"), nullptr);
  EXPECT_EQ(code("good"), "ok");
  EXPECT_EQ(code("good"), "ok");
  EXPECT_EQ(authenticator_.cached("good")->id, "good");
  EXPECT_EQ(jwts_.calls, 1);
}

TEST_F(CachingAuthenticatorTest, CountsWhatItAnsweredFromMemory) {
  EXPECT_EQ(authenticator_.cached("good"), nullptr);  // its caller goes on to authenticate()
  EXPECT_EQ(code("good"), "ok");
  EXPECT_EQ(code("good"), "ok");
  EXPECT_NE(authenticator_.cached("good"), nullptr);
  EXPECT_EQ(code("bad"), "auth.signature");
  EXPECT_EQ(code("bad"), "auth.signature");
  EXPECT_EQ(authenticator_.stats().misses, 2U);
  EXPECT_EQ(authenticator_.stats().hits, 3U);
}

TEST_F(CachingAuthenticatorTest, CountsARevocationWithinFiveSeconds) {
  const auto token = issue();
  ASSERT_EQ(code(token), "ok");
  revoke(token);
  clock_.advance(milliseconds{3999});
  EXPECT_EQ(code(token), "ok");
  clock_.advance(milliseconds{1001});
  EXPECT_EQ(authenticator_.cached(token), nullptr);
  EXPECT_EQ(code(token), "auth.revoked");
}

TEST_F(CachingAuthenticatorTest, SendsOneCallerToVerifyAgainBeforeTheTimeIsOver) {
  const auto token = issue();
  ASSERT_EQ(code(token), "ok");
  clock_.advance(milliseconds{4000});
  EXPECT_EQ(authenticator_.cached(token), nullptr) << "this one goes to authenticate()";
  EXPECT_NE(authenticator_.cached(token), nullptr) << "the others still hit";
  const int before = repository_.calls_for_test();
  EXPECT_EQ(code(token), "ok");
  EXPECT_EQ(repository_.calls_for_test(), before + 1);
  clock_.advance(milliseconds{3999});
  EXPECT_NE(authenticator_.cached(token), nullptr) << "five seconds from the second look";
}

TEST_F(CachingAuthenticatorTest, ForgetsATokenThatTheSecondLookRefuses) {
  const auto token = issue();
  ASSERT_EQ(code(token), "ok");
  revoke(token);
  clock_.advance(milliseconds{4000});
  EXPECT_EQ(code(token), "auth.revoked");
  EXPECT_EQ(authenticator_.cached(token), nullptr);
}

TEST_F(CachingAuthenticatorTest, ComparesExpiryWithTheClockAtEveryUse) {
  jwts_.expires_at = kStart + seconds{10};
  ASSERT_EQ(code("good"), "ok");
  clock_.set(kStart + seconds{10} - milliseconds{1});
  EXPECT_NE(authenticator_.cached("good"), nullptr);
  clock_.set(kStart + seconds{10});
  EXPECT_EQ(authenticator_.cached("good"), nullptr);
}

TEST_F(CachingAuthenticatorTest, VerifiesAJwtAgainAfterAMinute) {
  ASSERT_EQ(code("good"), "ok");
  clock_.set(kStart + seconds{60});
  EXPECT_EQ(authenticator_.cached("good"), nullptr);
  EXPECT_EQ(code("good"), "ok");
  EXPECT_EQ(jwts_.calls, 2);
}

TEST_F(CachingAuthenticatorTest, TrustsNothingFromBeforeTheClockWasSetBack) {
  const auto token = issue();
  ASSERT_EQ(code(token), "ok");
  revoke(token);
  clock_.advance(-hours{1});
  EXPECT_EQ(authenticator_.cached(token), nullptr);
  EXPECT_EQ(code(token), "auth.revoked");
}

TEST_F(CachingAuthenticatorTest, GoesOnWithKnownTokensWhileTheStoreIsDown) {
  const auto known = issue();
  const auto other = issue();
  ASSERT_EQ(code(known), "ok");
  repository_.fail_with_for_test(Error{ErrorKind::kUnavailable, "sql.unavailable", "down", "", {}});
  clock_.advance(milliseconds{4500});
  EXPECT_EQ(code(known), "ok") << "the second look failed, the first still counts";
  EXPECT_EQ(code(other), "auth.unavailable");
  clock_.advance(milliseconds{500});
  EXPECT_EQ(code(known), "auth.unavailable");
  repository_.fail_with_for_test(std::nullopt);
  EXPECT_EQ(code(known), "ok");
  EXPECT_EQ(code(other), "ok") << "an outage is not remembered";
}

TEST_F(CachingAuthenticatorTest, RemembersRefusalsForASecond) {
  EXPECT_EQ(code("bad"), "auth.signature");
  EXPECT_EQ(code("bad"), "auth.signature");
  EXPECT_EQ(jwts_.calls, 1);
  EXPECT_EQ(authenticator_.cached("bad"), nullptr);
  clock_.advance(seconds{1});
  EXPECT_EQ(code("bad"), "auth.signature");
  EXPECT_EQ(jwts_.calls, 2);
}

TEST_F(CachingAuthenticatorTest, LetsGuessersPushOutNothing) {
  ASSERT_EQ(code("good"), "ok");
  for (int i = 0; i < 20'000; ++i) (void)code("bad" + std::to_string(i));
  EXPECT_NE(authenticator_.cached("good"), nullptr);
  EXPECT_LE(authenticator_.remembered_for_test(), CacheOptions{}.max_refusals + 1);
}

TEST_F(CachingAuthenticatorTest, RefusesWhatIsNoTokenWithoutAskingAnyone) {
  EXPECT_EQ(code(""), "auth.missing");
  EXPECT_EQ(code("good" + std::string(kMaxTokenBytes, 'x')), "auth.malformed");
  EXPECT_EQ(jwts_.calls, 0);
  CachingAuthenticator nobody({}, clock_);
  EXPECT_EQ(nobody.authenticate("good").error().code, "auth.unknown");
  EXPECT_EQ(nobody.authenticate("slt_x").error().code, "auth.unknown");
}

TEST(CachingAuthenticator, ForgetsTheLeastUsedTokensBeyondItsBound) {
  ManualClock clock(kStart);
  FakeJwts jwts;
  CacheOptions options;
  options.max_tokens = 160;
  CachingAuthenticator authenticator({nullptr, &jwts}, clock, options);
  for (int i = 0; i < 5'000; ++i) {
    ASSERT_TRUE(authenticator.authenticate("good" + std::to_string(i)));
    ASSERT_TRUE(authenticator.authenticate("good hot"));
  }
  EXPECT_LE(authenticator.remembered_for_test(), 160U);
  EXPECT_EQ(jwts.calls, 5'001) << "the hot one stayed";
}

TEST(CachingAuthenticator, SendsOneOfManyThreadsToVerifyAgain) {
  ManualClock clock(kStart);
  FakeJwts jwts;
  CachingAuthenticator authenticator({nullptr, &jwts}, clock);
  ASSERT_TRUE(authenticator.authenticate("good"));
  clock.advance(seconds{50});
  {
    std::vector<std::jthread> threads;
    threads.reserve(8);
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 1000; ++n) EXPECT_TRUE(authenticator.authenticate("good"));
      });
    }
  }
  EXPECT_EQ(jwts.calls, 2);
}

}  // namespace
}  // namespace sluice::auth
