#include <gtest/gtest.h>

#include "platform/core/base64.h"
#include "platform/core/clock.h"
#include "platform/core/id_source.h"
#include "platform/core/result.h"
#include "platform/core/sha256.h"
#include "platform/core/strong_id.h"
#include "platform/core/text.h"

namespace sluice {
namespace {

Result<int> half(int value) {
  if (value % 2 != 0) return Error{ErrorKind::kInvalid, "odd", "odd number", "", {}};
  return value / 2;
}

Result<int> quarter(int value) {
  SLUICE_TRY(const int once, half(value));
  return half(once);
}

TEST(Result, PropagatesTheFirstErrorThroughTry) {
  EXPECT_EQ(quarter(12).value(), 3);
  EXPECT_EQ(quarter(6).error().code, "odd");
  EXPECT_EQ(half(3).value_or(-1), -1);
  EXPECT_EQ(half(8).and_then(half).value(), 2);
  EXPECT_EQ(half(8).transform([](int v) { return std::to_string(v); }).value(), "4");
}

TEST(ResultDeathTest, ReadingTheWrongSideStopsTheProcess) {
  EXPECT_DEATH((void)half(3).value(), "broken invariant");
}

TEST(Error, OnlyTimeoutsUnavailabilityAndRateLimitsAreRetryable) {
  for (int k = 0; k <= static_cast<int>(ErrorKind::kInternal); ++k) {
    const auto kind = static_cast<ErrorKind>(k);
    const bool expected = kind == ErrorKind::kTimeout || kind == ErrorKind::kUnavailable ||
                          kind == ErrorKind::kRateLimited;
    EXPECT_EQ((Error{kind, "c", "m", "", {}}.retryable()), expected) << to_string(kind);
  }
}

struct NameTag;
TEST(StrongId, ComparesByText) {
  using Name = StrongId<NameTag>;
  EXPECT_EQ(Name{"a"}, Name{"a"});
  EXPECT_LT(Name{"a"}, Name{"b"});
  EXPECT_EQ(std::hash<Name>{}(Name{"a"}), std::hash<Name>{}(Name{"a"}));
}

struct TimeCase {
  std::string text;
  std::optional<std::string> canonical;
};
class Rfc3339 : public testing::TestWithParam<TimeCase> {};
TEST_P(Rfc3339, ParsesWhatTheStandardAllowsAndNothingElse) {
  const auto parsed = parse_rfc3339(GetParam().text);
  ASSERT_EQ(parsed.has_value(), GetParam().canonical.has_value()) << GetParam().text;
  if (parsed) {
    EXPECT_EQ(format_rfc3339(*parsed), *GetParam().canonical);
  }
}
INSTANTIATE_TEST_SUITE_P(
    Table, Rfc3339,
    testing::Values(TimeCase{"2026-11-21T09:15:31Z", "2026-11-21T09:15:31.000Z"},
                    TimeCase{"2026-11-21T09:15:31.04Z", "2026-11-21T09:15:31.040Z"},
                    TimeCase{"2026-11-21T18:15:31.0429+09:00", "2026-11-21T09:15:31.042Z"},
                    TimeCase{"2026-02-29T00:00:00Z", std::nullopt},
                    TimeCase{"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
                    TimeCase{"2026-11-21", std::nullopt}, TimeCase{"", std::nullopt},
                    TimeCase{"2026-11-21T24:00:00Z", std::nullopt},
                    TimeCase{"2026-11-21T09:15:31", std::nullopt},
                    TimeCase{"2026-11-21T09:15:31.Z", std::nullopt},
                    TimeCase{"2026-11-21T09:15:31Zx", std::nullopt},
                    TimeCase{"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"}));

TEST(UuidV7, IsWellFormedUniqueAndOrderedEvenWhenTheClockStandsStill) {
  const ManualClock clock{*parse_rfc3339("2026-11-21T09:15:31Z")};
  UuidV7Source source(clock);
  std::string previous;
  for (int i = 0; i < 10'000; ++i) {
    const std::string id = source.next_uuid();
    ASSERT_TRUE(is_uuid(id)) << id;
    ASSERT_EQ(id[14], '7');
    ASSERT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
    ASSERT_LT(previous, id);
    previous = id;
  }
}

TEST(Sha256, MatchesFips180) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_TRUE(equal_constant_time("same", "same"));
  EXPECT_FALSE(equal_constant_time("same", "samf"));
  EXPECT_FALSE(equal_constant_time("same", "sam"));
}

TEST(Utf8, RefusesOverlongSurrogatesTruncatedAndTooLarge) {
  EXPECT_TRUE(is_valid_utf8("héllo → 안녕 😀"));
  for (const char* bad : {"\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82",
                          "\x80", "\xff", "\xc3("}) {
    EXPECT_FALSE(is_valid_utf8(bad)) << printable(bad);
  }
}

struct GlobCase {
  const char* pattern;
  const char* text;
  bool matches;
};

TEST(MatchesGlob, TreatsOnlyTheStarAsSpecial) {
  const GlobCase cases[] = {
      {"*", "", true},
      {"*", "prod.orders", true},
      {"", "", true},
      {"", "a", false},
      {"prod.*", "prod.orders", true},
      {"prod.*", "prod.", true},
      {"prod.*", "production.orders", false},
      {"*.dlq", "orders.dlq", true},
      {"*.dlq", "orders.dlq.old", false},
      {"a*b*c", "a-b-b-c", true},
      {"a*b*c", "a-c-b", false},
      {"a**b", "ab", true},
      {"a.c", "abc", false},
      {"[ab]", "a", false},
      {"a?c", "abc", false},
      {"orders", "orders", true},
      {"orders", "orders2", false},
      {"orders", "Orders", false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(matches_glob(c.pattern, c.text), c.matches) << c.pattern << " against " << c.text;
  }
}

TEST(MatchesGlob, StaysFastOnAHostilePattern) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  EXPECT_FALSE(matches_glob(pattern + "b", std::string(20'000, 'a')));
}

TEST(Text, KnowsWhichSettingsHoldSecrets) {
  for (const char* secret : {"sasl.password", "ssl.key.pem", "ssl.key.password", "s3.secret_key", "sasl.jaas.config"}) {
    EXPECT_TRUE(names_a_secret(secret)) << secret;
  }
  for (const char* open : {"sasl.username", "bootstrap.servers", "ssl.ca.location"}) {
    EXPECT_FALSE(names_a_secret(open)) << open;
  }
}

TEST(Base64, IsPadded) {  // RFC 4648 §10
  for (const auto& [bytes, text] : {std::pair{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(to_base64(bytes), text);
  }
}

TEST(HmacSha256, IsThatOfTheStandard) {  // RFC 4231, cases 2 and 6
  EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256_hex(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Text, TrimsSplitsAndFindsTheNearestWord) {
  EXPECT_EQ(trim("  a b\n"), "a b");
  EXPECT_EQ(trim(" \t"), "");
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
  const std::vector<std::string> words{"partitions", "replicationFactor", "retention.ms"};
  EXPECT_EQ(nearest("partition", words), "partitions");
  EXPECT_EQ(nearest("retention_ms", words), "retention.ms");
  EXPECT_EQ(nearest("prot", std::vector<std::string>{"workers", "port"}), "port");  // a swap is one slip
  EXPECT_EQ(nearest("colour", words), std::nullopt);
  EXPECT_EQ(printable(std::string_view("a\n\0b", 4)), "a\\n\\x00b");
  EXPECT_EQ(printable("abcdef", 3), "abc…");
  EXPECT_EQ(printable("aäb", 2), "a…");  // not half a character
}

}  // namespace
}  // namespace sluice
