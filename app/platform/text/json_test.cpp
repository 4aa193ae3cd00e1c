#include "platform/text/json.h"

#include <gtest/gtest.h>

#include <string>

#include "platform/core/text.h"
#include "platform/text/reader_test_support.h"

namespace sluice::text {
namespace {

class JsonRefused : public ::testing::TestWithParam<Refused> {};

TEST_P(JsonRefused, NamesRuleAndPlace) {
  const Refused& row = GetParam();
  const auto node = parse_json(row.text);
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().code, "text.malformed");
  const Problem& problem = node.error().problems.at(0);
  EXPECT_EQ(problem.rule, row.rule) << problem.message;
  EXPECT_EQ(problem.line, row.line) << problem.message;
  EXPECT_EQ(problem.column, row.column) << problem.message;
  EXPECT_EQ(problem.field, row.field) << problem.message;
  EXPECT_TRUE(is_valid_utf8(problem.message));
}

INSTANTIATE_TEST_SUITE_P(
    Table, JsonRefused,
    ::testing::Values(
        Refused{"Nothing", "", "empty-document", 1, 1}, Refused{"White", " \r\n", "empty-document", 1, 1},
        Refused{"NulByte", std::string("[\0]", 3), "nul", 1, 2},
        Refused{"EscapedNul", R"({"a": "x\u0000"})", "nul", 1, 7, "a"},
        Refused{"EscapedNulInKey", R"({"a\u0000": 1})", "nul", 1, 2},
        Refused{"BadUtf8", "[\"ä\xff\"]", "encoding", 1, 4},
        Refused{"LoneSurrogate", R"(["\ud800"])", "syntax", 1, 9, "[0]"},
        Refused{"Utf16", std::string("\xfe\xff\0[", 4), "encoding", 1, 1},
        Refused{"TrailingComma", "[1,\n]", "syntax", 2, 1, "[1]"},
        Refused{"Comment", "// x\n[]", "syntax", 1, 1},
        Refused{"SingleQuotes", "{'a': 1}", "syntax", 1, 2},
        Refused{"Unclosed", "{\"a\": 1", "syntax", 1, 8},
        Refused{"TwoDocuments", "{}\n{}", "syntax", 2, 1},
        Refused{"LeadingZero", "[01]", "syntax", 1, 3, "[1]"},
        Refused{"BareNan", "[NaN]", "syntax", 1, 2, "[0]"},
        Refused{"LineBreakInString", "[\"a\nb\"]", "syntax", 1, 4, "[0]"},
        Refused{"DuplicateKey", "{\"a\": 1,\n \"b\": 2, \"\\u0061\": 3}", "duplicate-key", 2, 10, "a"},
        Refused{"DeepDuplicateKey", R"([{}, {"x": {"k": 1, "k": 2}}])", "duplicate-key", 1, 21, "[1].x.k"},
        Refused{"BeyondInt64", "[9223372036854775808]", "number", 1, 2, "[0]"},
        Refused{"BelowInt64", "[-9223372036854775809]", "number", 1, 2, "[0]"},
        Refused{"BeyondUint64", "{\"a\": 18446744073709551616}", "number", 1, 7, "a"},
        Refused{"FloatOverflow", "{\"a\":\n1e999}", "number", 2, 1, "a"},
        Refused{"FloatUnderflow", "[1e-999]", "number", 1, 2, "[0]"},
        Refused{"FloatInexact", "[9007199254740993.0]", "number", 1, 2, "[0]"},
        Refused{"FloatTooPrecise", "[0.1234567890123456789]", "number", 1, 2, "[0]"},
        Refused{"Deep", repeated("[", 100'000), "too-deep", 1, 65, repeated("[0]", 64)},
        Refused{"DeepMaps", repeated("{\"a\":", 100'000), "too-deep", 1, 321, "a" + repeated(".a", 63)},
        Refused{"TooManyValues", "[" + repeated("1,", 300'000) + "1]", "too-many-values", 1, 500'000,
                "[249999]"}),
    [](const auto& param) { return param.param.name; });

TEST(Json, KeepsSpellingAndPlaceOfEveryValue) {
  const auto node = parse_json("{\"a\": [1.50,\n  -7 , \"\\\"ä]\"], \"ä\": {\"b\":null} ,\"c\":true}");
  ASSERT_TRUE(node) << node.error().describe();
  const Node& list = *node->find("a");
  EXPECT_EQ(list.mark.column, 7);
  EXPECT_EQ(list.items.at(0).spelling, "1.50");
  EXPECT_EQ(list.items.at(1).spelling, "-7");
  EXPECT_EQ(list.items.at(1).mark.line, 2);
  EXPECT_EQ(list.items.at(1).mark.column, 3);
  EXPECT_EQ(list.items.at(2).spelling, "\"ä]");
  EXPECT_EQ(list.items.at(2).mark.column, 8);
  EXPECT_EQ(node->entries.at(1).mark.column, 17);
  EXPECT_EQ(node->entries.at(1).value.entries.at(0).value.mark.column, 27);
  EXPECT_EQ(node->find("c")->mark.column, 38);
}

TEST(Json, ComesOutAsItWentIn) {
  constexpr std::string_view kText = R"({"z":1,"a":[null,true,-0.5,"x\ny",{}],"m":[]})";
  const auto node = parse_json(kText);
  ASSERT_TRUE(node);
  EXPECT_EQ(to_json(*node).dump(), kText);
}

TEST(Json, TakesTheWidestNumbers) {
  const auto node = parse_json("[9223372036854775807,-9223372036854775808,1.7976931348623157e308,-0]");
  ASSERT_TRUE(node) << node.error().describe();
  EXPECT_EQ(node->items[0].integer, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(node->items[1].integer, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(node->items[2].number, std::numeric_limits<double>::max());
}

// 17 digits that are not the double's nearest decimal: other programs print such.
TEST(Json, TakesWhatOtherProgramsPrint) {
  for (const char* text : {"0.10000000000000001", "5.6843418860808015e-14", "2.2250738585072014e-308", "1e23",
                           "0.1000000000000000055511151231257827", "123456789.12345678"}) {
    EXPECT_TRUE(parse_json(text)) << text;
  }
}

TEST(Json, AcceptsALeadingByteOrderMark) { EXPECT_TRUE(parse_json("\xef\xbb\xbf[1]")); }

TEST(Json, RefusesMoreBytesThanTheLimit) {
  const auto node = parse_json("[1,2,3]", {.bytes = 6});
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().kind, ErrorKind::kTooLarge);
}

}  // namespace
}  // namespace sluice::text
