#include "platform/text/yaml.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "platform/core/text.h"
#include "platform/text/json.h"
#include "platform/text/reader_test_support.h"

namespace sluice::text {
namespace {

std::string as_json(std::string_view yaml) {
  const auto node = parse_yaml(yaml);
  return node ? to_json(*node).dump() : node.error().describe();
}

std::string name_of(const ::testing::TestParamInfo<Refused>& info) { return info.param.name; }

class YamlRefused : public ::testing::TestWithParam<Refused> {};

TEST_P(YamlRefused, NamesRuleAndPlace) {
  const Refused& row = GetParam();
  const auto node = parse_yaml(row.text);
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(node.error().code, "text.malformed");
  const Problem& problem = node.error().problems.at(0);
  EXPECT_EQ(problem.rule, row.rule) << problem.message;
  EXPECT_EQ(problem.line, row.line) << problem.message;
  EXPECT_EQ(problem.column, row.column) << problem.message;
  EXPECT_EQ(problem.field, row.field) << problem.message;
  EXPECT_TRUE(is_valid_utf8(node.error().message));
}

std::string alias_bomb() {
  std::string text = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string previous = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + previous + ", " + previous + "]\n";
  }
  return text;
}

std::string tag_directives() {
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += "%TAG !" + std::to_string(i) + "! x\n";
  return text + "---\na: b\n";
}

INSTANTIATE_TEST_SUITE_P(
    Table, YamlRefused,
    ::testing::Values(
        Refused{"Nothing", "", "empty-document", 1, 1},
        Refused{"White", " \n\n", "empty-document", 1, 1},
        Refused{"CommentsOnly", "# nothing\n", "empty-document", 2, 1},
        Refused{"MarkerOnly", "---\n", "empty-document", 2, 1},
        Refused{"LoneComma", ",", "syntax", 1, 1},
        Refused{"OneBadByte", "a: b\nc: \xff", "encoding", 2, 4},
        Refused{"OverlongSlash", "a: \xc0\xaf", "encoding", 1, 4},
        Refused{"Surrogate", "ä: \xed\xa0\x80", "encoding", 1, 4},
        Refused{"Utf16", std::string("\xff\xfe", 2) + std::string("a\0", 2), "encoding", 1, 1},
        Refused{"NulByte", std::string("a: b\n\0", 6), "nul", 2, 1},
        Refused{"EscapedNul", "a: \"x\\0\"", "nul", 1, 4, "a"},
        Refused{"LateByteOrderMark", "a: 1\n\xef\xbb\xbf" "b: 2\n", "encoding", 2, 1},
        Refused{"TwoByteOrderMarks", "\xef\xbb\xbf\xef\xbb\xbf" "b: 2\n", "encoding", 1, 1},
        Refused{"ControlCharacter", "a: b\nc: \x01", "syntax", 2, 4},
        Refused{"Tab", "a:\n\t- b\n", "syntax", 2, 1, "a"},
        Refused{"TwoDocuments", "a: 1\n---\nb: 2\n", "several-documents", 2, 1},
        Refused{"TwoDocumentsAfterEnd", "a: 1\n... # end\n\n---\nb: 2\n", "several-documents", 4, 1},
        Refused{"DirectiveAfterEnd", "a: 1\n...\n%YAML 1.2\n---\nb: 2\n", "several-documents", 3, 1},
        Refused{"TextAfterDocument", "\"ä\" \"b\"", "syntax", 1, 5},
        Refused{"Directive", "# x\n%YAML 1.2\n---\na: 1\n", "directive", 2, 1},
        Refused{"ManyTagDirectives", tag_directives(), "directive", 1, 1},
        Refused{"Tag", "a: !!str 1\n", "tag", 1, 4, "a"},
        Refused{"LocalTag", "a: !exec [rm]\n", "tag", 1, 4, "a"},
        Refused{"Anchor", "a: &x 1\n", "anchor", 1, 4, "a"},
        Refused{"Alias", "a: 1\nb: *x\n", "alias", 2, 4, "b"},
        Refused{"AliasBomb", alias_bomb(), "anchor", 1, 5, "a0"},
        Refused{"MergeKey", "a:\n  <<: {b: 1}\n", "merge-key", 2, 3, "a"},
        Refused{"DuplicateKey", "a: 1\nb:\n  c: 1\n  d: 2\n  \"c\": 3\n", "duplicate-key", 5, 3, "b.c"},
        Refused{"MapAsKey", "? {a: 1}\n: b\n", "key", 1, 3},
        Refused{"ListAsKey", "[a]: b\n", "key", 1, 1},
        Refused{"AliasAsKey", "*a : b\n", "alias", 1, 1},
        Refused{"BeyondInt64", "a: 9223372036854775808\n", "number", 1, 4, "a"},
        Refused{"BelowInt64", "a: -9223372036854775809\n", "number", 1, 4, "a"},
        Refused{"HugeHex", "a: 0x8000000000000000\n", "number", 1, 4, "a"},
        Refused{"FloatOverflow", "- 1\n- 1e999\n", "number", 2, 3, "[1]"},
        Refused{"FloatUnderflow", "a: 1e-999\n", "number", 1, 4, "a"},
        Refused{"FloatInexact", "a: 9007199254740993.0\n", "number", 1, 4, "a"},
        Refused{"Infinity", "a: -.inf\n", "number", 1, 4, "a"},
        Refused{"NotANumber", "a: .NaN\n", "number", 1, 4, "a"},
        Refused{"DeepFlow", repeated("[", 100'000), "too-deep", 1, 65, repeated("[0]", 64)},
        Refused{"DeepBlock", repeated("- ", 100'000), "too-deep", 1, 129, repeated("[0]", 64)},
        Refused{"DeepMaps", repeated("{a: ", 100'000), "too-deep", 1, 257, "a" + repeated(".a", 63)},
        Refused{"Unclosed", "a: [1, 2\nb: 3\n", "syntax", 2, 2, "a[2]"},
        Refused{"TooManyValues", "[" + repeated("1,", 300'000) + "]", "too-many-values", 1, 500'000, "[249999]"}),
    name_of);

TEST(Yaml, ReportsAllRefusalsInTheOrderOfTheText) {
  const auto node = parse_yaml("a: &x 1\nb: !t 2\na: 3\nc: *x\nd: .inf\n");
  ASSERT_FALSE(node);
  std::vector<std::string> rules;
  for (const Problem& problem : node.error().problems) rules.push_back(problem.rule);
  EXPECT_EQ(rules, (std::vector<std::string>{"anchor", "tag", "duplicate-key", "alias", "number"}));
  EXPECT_NE(node.error().problems[2].message.find("first at line 1, column 1"), std::string::npos);
}

TEST(Yaml, BoundsTheProblemsOfAHostileText) {
  const auto node = parse_yaml("[" + repeated("&a 1,", 10'000) + "]");
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().problems.size(), 100u);
}

TEST(Yaml, RefusesMoreBytesThanTheLimit) {
  const auto node = parse_yaml("abcdef", {.bytes = 5});
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().kind, ErrorKind::kTooLarge);
  EXPECT_EQ(node.error().code, "text.too-large");
}

struct Typed {
  const char* name;
  std::string yaml;
  const char* json;
};
void PrintTo(const Typed& row, std::ostream* out) { *out << row.name; }

class YamlTyped : public ::testing::TestWithParam<Typed> {};

TEST_P(YamlTyped, ByTheCoreSchema) { EXPECT_EQ(as_json(GetParam().yaml), GetParam().json); }

INSTANTIATE_TEST_SUITE_P(
    Table, YamlTyped,
    ::testing::Values(
        Typed{"Nulls", "[~, null, Null, NULL]", "[null,null,null,null]"},
        Typed{"EmptyValue", "a:\nb: ~\n", R"({"a":null,"b":null})"},
        Typed{"Booleans", "[true, True, TRUE, false, False, FALSE]", "[true,true,true,false,false,false]"},
        Typed{"NotBooleans", "[yes, no, on, off, y, tRUE]", R"(["yes","no","on","off","y","tRUE"])"},
        Typed{"Integers", "[0, -1, +12, 0x1F, 0o17, 007]", "[0,-1,12,31,15,7]"},
        Typed{"WidestIntegers", "[9223372036854775807, -9223372036854775808]",
              "[9223372036854775807,-9223372036854775808]"},
        Typed{"AlmostIntegers", "[0b1, 1_000, 0x, 0o8, -0x1, \"1:30\", +]",
              R"(["0b1","1_000","0x","0o8","-0x1","1:30","+"])"},
        Typed{"Floats", "[1.5, -.5, 5., 1e3, 1.5E-3, +0.1]", "[1.5,-0.5,5.0,1000.0,0.0015,0.1]"},
        Typed{"AlmostFloats", "[., e1, 1e, 1.2.3, .e1, 7d]", R"([".","e1","1e","1.2.3",".e1","7d"])"},
        Typed{"Quoted", R"(["12", '12', "true", 'null', ""])", R"(["12","12","true","null",""])"},
        Typed{"Escapes", R"("\u00e4\n\x41")", R"("ä\nA")"},
        Typed{"BlockScalars", "a: |\n  x\n  y\nb: >-\n  x\n  y\n", R"({"a":"x\ny\n","b":"x y"})"},
        Typed{"KeysAreText", "1: a\ntrue: b\n\"\": c\n", R"({"1":"a","true":"b","":"c"})"},
        Typed{"DottedKeys", "retention.ms: 604800000\n", R"({"retention.ms":604800000})"},
        Typed{"QuotedMergeKey", "\"<<\": 1\n", R"({"<<":1})"},
        Typed{"ByteOrderMarkFirst", "\xef\xbb\xbf" "a: 1\n", R"({"a":1})"},
        Typed{"Markers", "---\na: 1\n...\n# the end\n", R"({"a":1})"},
        Typed{"WindowsLines", "a: 1\r\nb: 2\r\n", R"({"a":1,"b":2})"},
        Typed{"PercentInText", "a: |\n  %TAG x\n", R"({"a":"%TAG x\n"})"},
        Typed{"ExplicitNull", "~", "null"}, Typed{"JsonIsYaml", R"({"a": [1, {"b": null}]})",
                                                  R"({"a":[1,{"b":null}]})"},
        Typed{"SixtyFourDeep", repeated("[", 64) + repeated("]", 64),
              "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
              "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"}),
    [](const auto& param) { return param.param.name; });

TEST(Yaml, KeepsSpellingAndPlaceOfEveryValue) {
  const auto node = parse_yaml("a: 0x10\nb:\n  - 7d\n  - ä: \"q\"\n");
  ASSERT_TRUE(node);
  EXPECT_EQ(node->find("a")->spelling, "0x10");
  const Node& item = node->find("b")->items.at(1);
  EXPECT_EQ(item.mark.line, 4);
  EXPECT_EQ(item.mark.column, 5);
  const Node::Entry& entry = item.entries.at(0);
  EXPECT_EQ(entry.mark.column, 5);
  EXPECT_EQ(entry.value.mark.column, 8);  // columns count characters
  EXPECT_EQ(entry.value.describe(), "the string \"q\"");
}

}  // namespace
}  // namespace sluice::text
