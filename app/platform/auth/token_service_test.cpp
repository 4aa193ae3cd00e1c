#include "platform/auth/token_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/auth/memory_token_repository.h"
#include "platform/auth/token_repository_suite.h"

namespace sluice::auth {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct MemoryFixture {
  TokenRepository& repository() { return memory; }
  MemoryTokenRepository memory;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, TokenRepositorySuite, MemoryFixture);

class TokenServiceTest : public testing::Test {
 protected:
  IssuedToken issue() {
    auto issued =
        service_.issue({"ci-orders", "kim", {{Role::kEditor, "test", "*"}}, hours{1}}, soon());
    EXPECT_TRUE(issued) << issued.error().describe();
    return std::move(*issued);
  }
  std::string code(std::string_view token) {
    const auto verified = service_.verify(token, soon());
    return verified ? "ok" : verified.error().code;
  }

  ManualClock clock_{TimePoint{seconds{1'700'000'000}}};
  MemoryTokenRepository repository_;
  TokenService service_{repository_, clock_};
};

TEST_F(TokenServiceTest, IssuesATokenThatVerifies) {
  const auto issued = issue();
  const auto verified = service_.verify(issued.token, soon());
  ASSERT_TRUE(verified) << verified.error().describe();
  const Principal expected{
      "token:ci-orders", "kim", issued.record.id, {{Role::kEditor, "test", "*"}}, "kim"};
  EXPECT_EQ(*verified->principal, expected);
  EXPECT_EQ(verified->expires_at, clock_.now() + hours{1});
}

TEST_F(TokenServiceTest, TellsWhoHadATokenIssuedBesideItsOwner) {
  const auto issued =
      service_.issue({"ci", "kim", {{Role::kViewer, "test", "*"}}, hours{1}, "alex"}, soon());
  ASSERT_TRUE(issued) << issued.error().describe();
  const auto verified = service_.verify(issued->token, soon());
  EXPECT_EQ(verified->principal->owner, "kim");
  EXPECT_EQ(verified->principal->issuer, "alex");
}

TEST_F(TokenServiceTest, FindsATokenByItsIdOnly) {
  const auto issued = issue();
  EXPECT_EQ(*service_.find(issued.record.id, soon()), issued.record);
  for (const char* id : {"", "0000000000000000", "nonsense", "'; DROP TABLE x"}) {
    EXPECT_EQ(service_.find(id, soon()).error().kind, ErrorKind::kNotFound) << id;
  }
}

TEST_F(TokenServiceTest, NeverStoresTheSecret) {
  const auto issued = issue();
  const auto secret = parse_service_token(issued.token)->secret;
  const auto stored = *repository_.find(issued.record.id, soon());
  EXPECT_EQ(stored->secret_hash, hash_secret(secret));
  EXPECT_NE(issue().token, issued.token);
}

TEST_F(TokenServiceTest, AnswersAWrongSecretAndAnUnknownIdAlike) {
  const auto issued = issue();
  const auto other = issue();
  const std::string swapped = issued.token.substr(0, 21) + other.token.substr(21);
  const auto wrong_secret = service_.verify(swapped, soon());
  const auto unknown_id = service_.verify("slt_0000000000000000" + issued.token.substr(20), soon());
  EXPECT_EQ(wrong_secret.error().code, "auth.unknown");
  EXPECT_EQ(wrong_secret.error().describe(), unknown_id.error().describe());
}

TEST_F(TokenServiceTest, RefusesWhatDoesNotHaveTheShape) {
  const std::string good = issue().token;
  ASSERT_EQ(good.size(), 64U);
  std::string spare_bits = good;  // the 43rd character carries four bits only
  spare_bits.back() = static_cast<char>(spare_bits.back() == 'A' ? 'B' : spare_bits.back() + 1);
  for (const std::string& text :
       {std::string("slt_"), good.substr(0, 63), good + "A", "SLT_" + good.substr(4),
        good.substr(0, 20) + "-" + good.substr(21), good.substr(0, 63) + "=", spare_bits,
        "slt_'; DROP TABLE" + good.substr(17)}) {
    EXPECT_EQ(code(text), "auth.unknown") << text;
  }
  EXPECT_EQ(code(good), "ok");
}

TEST_F(TokenServiceTest, RefusesARevokedTokenAndTellsItsHolderOnly) {
  const auto issued = issue();
  ASSERT_TRUE(service_.revoke(issued.record.id, soon()));
  ASSERT_TRUE(service_.revoke(issued.record.id, soon()));
  EXPECT_EQ(code(issued.token), "auth.revoked");
  EXPECT_EQ(code(issued.token.substr(0, 21) + issue().token.substr(21)), "auth.unknown");
  EXPECT_EQ(service_.revoke("0000000000000000", soon()).error().kind, ErrorKind::kNotFound);
}

TEST_F(TokenServiceTest, RefusesATokenFromItsExpiryOn) {
  const auto issued = issue();
  clock_.advance(hours{1} - std::chrono::milliseconds{1});
  EXPECT_EQ(code(issued.token), "ok");
  clock_.advance(std::chrono::milliseconds{1});
  EXPECT_EQ(code(issued.token), "auth.expired");
}

TEST_F(TokenServiceTest, NotesTheLastUseAtMostOnceAMinute) {
  const auto issued = issue();
  const auto last_used = [&] {
    return (*repository_.find(issued.record.id, soon()))->last_used_at;
  };
  const auto start = clock_.now();
  ASSERT_EQ(code(issued.token), "ok");
  EXPECT_EQ(last_used(), start);
  clock_.advance(seconds{59});
  ASSERT_EQ(code(issued.token), "ok");
  EXPECT_EQ(last_used(), start);
  clock_.advance(seconds{1});
  ASSERT_EQ(code(issued.token), "ok");
  EXPECT_EQ(last_used(), start + minutes{1});
}

TEST_F(TokenServiceTest, SaysThatTheStoreIsDown) {
  const auto issued = issue();
  repository_.fail_with_for_test(
      Error{ErrorKind::kTimeout, "sql.timeout", "No answer in 5 s.", "", {}});
  const auto verified = service_.verify(issued.token, soon());
  EXPECT_EQ(verified.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(verified.error().code, "auth.unavailable");
}

TEST_F(TokenServiceTest, NamesEveryWrongFieldOfARequest) {
  const auto refused = service_.issue({"ci orders", "kim\n", {}, seconds{0}}, soon());
  ASSERT_FALSE(refused);
  std::vector<std::string> fields;
  for (const auto& problem : refused.error().problems) fields.push_back(problem.field);
  EXPECT_THAT(fields, testing::ElementsAre("name", "owner", "grants", "lifetime"));
  EXPECT_FALSE(service_.issue({"a", "kim", {{}}, kMaxServiceTokenLifetime + seconds{1}}, soon()));
  EXPECT_FALSE(service_.issue({std::string(101, 'a'), "kim", {{}}, hours{1}}, soon()));
  EXPECT_EQ(repository_.calls_for_test(), 0);
}

}  // namespace
}  // namespace sluice::auth
