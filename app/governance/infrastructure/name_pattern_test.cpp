#include "governance/infrastructure/name_pattern.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice::governance::infrastructure {
namespace {

constexpr const char* kSeedPattern = R"(^((dev|stg|prod)\.)[a-z0-9._-]+$)";

struct Name {
  const char* name;
  bool matches;
};
class SeedPattern : public testing::TestWithParam<Name> {};
TEST_P(SeedPattern, JudgesTheWholeName) {
  const auto pattern = compile_name_pattern(kSeedPattern);
  ASSERT_TRUE(pattern.has_value());
  EXPECT_EQ((*pattern)(GetParam().name), GetParam().matches) << GetParam().name;
}
INSTANTIATE_TEST_SUITE_P(NamePattern, SeedPattern,
                         testing::Values(Name{"prod.orders.created", true}, Name{"dev.a", true},
                                         Name{"stg.a_b-c.9", true}, Name{"orders", false},
                                         Name{"prod.", false}, Name{"prod.Orders", false},
                                         Name{"prodorders", false}, Name{"qa.orders", false},
                                         Name{"xprod.orders", false}, Name{"prod.orders\n", false},
                                         Name{"prod.bestellung-ä", false}, Name{"", false}));

TEST(NamePattern, TakesTimeLinearInTheName) {
  // std::regex dies of a name this long.
  const auto pattern = compile_name_pattern(kSeedPattern);
  EXPECT_TRUE((*pattern)("prod." + std::string(1'000'000, 'a')));
}

struct Refused {
  const char* pattern;
  const char* code;
};
class RefusedPattern : public testing::TestWithParam<Refused> {};
TEST_P(RefusedPattern, SaysWhy) {
  const auto result = compile_name_pattern(GetParam().pattern);
  ASSERT_FALSE(result.has_value()) << GetParam().pattern;
  EXPECT_EQ(result.error().code, GetParam().code);
  EXPECT_FALSE(result.error().fix.empty());
}
INSTANTIATE_TEST_SUITE_P(
    NamePattern, RefusedPattern,
    testing::Values(
        Refused{"(a+)+$", "pattern.ambiguous"}, Refused{"^(a*)*b", "pattern.ambiguous"},
        Refused{"(a|a)*", "pattern.ambiguous"}, Refused{"(a|aa)+", "pattern.ambiguous"},
        Refused{"([a-z]+)*$", "pattern.ambiguous"}, Refused{R"((\w+\s?)*$)", "pattern.ambiguous"},
        Refused{"((a+))+", "pattern.ambiguous"}, Refused{"(?:a+){2,}", "pattern.ambiguous"},
        Refused{"(x|(a+)?)+", "pattern.ambiguous"},
        Refused{"^(([a-z])+.)+[A-Z]([a-z])+$", "pattern.ambiguous"}, Refused{"(a+.)+", "pattern.ambiguous"}, Refused{"(", "pattern.invalid"},
        Refused{"a{2000}", "pattern.invalid"}, Refused{"((a{900}){900}){900}", "pattern.invalid"},
        Refused{R"((a)\1)", "pattern.invalid"}, Refused{"(?=a)", "pattern.invalid"},
        Refused{"[z-a]", "pattern.invalid"}, Refused{"\xFF", "pattern.invalid"}));

TEST(NamePattern, RefusesMoreThan200Bytes) {
  EXPECT_TRUE(compile_name_pattern(std::string(200, 'a')).has_value());
  EXPECT_EQ(compile_name_pattern(std::string(201, 'a')).error().code, "pattern.too-long");
}

class AcceptedPattern : public testing::TestWithParam<const char*> {};
TEST_P(AcceptedPattern, IsNotTakenForAmbiguous) {
  EXPECT_TRUE(compile_name_pattern(GetParam()).has_value());
}
INSTANTIATE_TEST_SUITE_P(NamePattern, AcceptedPattern,
                         testing::Values(R"(prod\.([a-z]+\.)*[a-z]+)", R"(([a-z]+-)+[0-9]{2,})",
                                         "(a|b)+", "(dev|stg|prod)*", "[(+)]+", R"(\(a+\)+)",
                                         "(a+)?", "(a+){3}", "(.)+", "(a.)+", "[]a+]+", "(?P<env>dev|prod)\\..+"));

}  // namespace
}  // namespace sluice::governance::infrastructure
