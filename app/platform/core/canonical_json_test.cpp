#include "platform/core/canonical_json.h"

#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <random>

namespace sluice {
namespace {

TEST(CanonicalJson, WritesTheExampleOfRfc8785) {
  const Json value = Json::parse(R"({
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]})");
  EXPECT_EQ(canonical_json(value),
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
            "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

TEST(CanonicalJson, SortsNamesByUtf16CodeUnits) {
  const Json value = Json::parse(
      R"({"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7})");
  EXPECT_EQ(canonical_json(value),
            "{\"\\r\":2,\"1\":4,\"\xc2\x80\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\xef\xac\xb3\":3}");
}

TEST(CanonicalJson, DoesNotDependOnMemberOrder) {
  EXPECT_EQ(json_digest(Json::parse(R"({"a":1,"b":[2,{"c":3,"d":4}]})")),
            json_digest(Json::parse(R"({"b":[2,{"d":4,"c":3}],"a":1})")));
  EXPECT_NE(json_digest(Json::parse(R"({"a":1})")), json_digest(Json::parse(R"({"a":"1"})")));
}

struct NumberCase {
  std::uint64_t bits;
  std::string text;
};
class Es6Number : public testing::TestWithParam<NumberCase> {};
TEST_P(Es6Number, MatchesAppendixB) {
  EXPECT_EQ(format_es6_number(std::bit_cast<double>(GetParam().bits)), GetParam().text);
}
INSTANTIATE_TEST_SUITE_P(
    Rfc8785, Es6Number,
    testing::Values(NumberCase{0x0000000000000000, "0"}, NumberCase{0x8000000000000000, "0"},
                    NumberCase{0x0000000000000001, "5e-324"},
                    NumberCase{0x8000000000000001, "-5e-324"},
                    NumberCase{0x7fefffffffffffff, "1.7976931348623157e+308"},
                    NumberCase{0x4340000000000000, "9007199254740992"},
                    NumberCase{0x4430000000000000, "295147905179352830000"},
                    NumberCase{0x44b52d02c7e14af5, "9.999999999999997e+22"},
                    NumberCase{0x44b52d02c7e14af6, "1e+23"},
                    NumberCase{0x444b1ae4d6e2ef4f, "999999999999999900000"},
                    NumberCase{0x444b1ae4d6e2ef50, "1e+21"},
                    NumberCase{0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
                    NumberCase{0x3eb0c6f7a0b5ed8d, "0.000001"},
                    NumberCase{0x41b3de4355555553, "333333333.3333332"},
                    NumberCase{0xbecbf647612f3696, "-0.0000033333333333333333"}));

TEST(Es6NumberProperty, ReadsBackAsTheSameDouble) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    ASSERT_EQ(std::strtod(format_es6_number(value).c_str(), nullptr), value);
  }
}

}  // namespace
}  // namespace sluice
