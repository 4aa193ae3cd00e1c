#include "platform/text/map_reader.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "platform/text/yaml.h"

namespace sluice::text {
namespace {

constexpr std::array<std::string_view, 3> kActions{"CREATE", "ALTER", "DELETE"};

bool is_lower_case(std::string_view text) {
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string_view::npos;
}

// Reads one field of each type; what is wrong comes back.
std::vector<Problem> problems_of(std::string_view yaml) {
  const auto node = parse_yaml(yaml);
  EXPECT_TRUE(node);
  std::vector<Problem> problems;
  MapReader reader(*node, "item", problems);
  (void)reader.required_string("name", {.min = 2, .max = 5, .matches = is_lower_case, .expected = "lower case"});
  (void)reader.integer("count", {.min = 1, .max = 9});
  (void)reader.integer("least", {.min = 0});
  (void)reader.number("ratio", 0, 1);
  (void)reader.boolean("flag");
  (void)reader.choice("action", kActions);
  (void)reader.strings("tags", {.min = 1, .max = 2}, {.max = 3});
  reader.map("config", {.max = 1}, [](const auto&, const auto&, const auto&) {});
  reader.finish();
  return problems;
}

struct Wrong {
  const char* name;
  const char* yaml;
  const char* field;
  const char* rule;
  int line;
  int column;
  const char* text;  // in message or fix
};
void PrintTo(const Wrong& row, std::ostream* out) { *out << row.name; }

class MapReaderRefuses : public ::testing::TestWithParam<Wrong> {};

TEST_P(MapReaderRefuses, OneProblemAtThePlace) {
  const Wrong& row = GetParam();
  const auto problems = problems_of(row.yaml);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].field, row.field);
  EXPECT_EQ(problems[0].rule, row.rule);
  EXPECT_EQ(problems[0].line, row.line);
  EXPECT_EQ(problems[0].column, row.column);
  EXPECT_NE((problems[0].message + "|" + problems[0].fix).find(row.text), std::string::npos)
      << problems[0].message << "|" << problems[0].fix;
}

INSTANTIATE_TEST_SUITE_P(
    Table, MapReaderRefuses,
    ::testing::Values(
        Wrong{"NoMap", "[1]", "item", "type", 1, 1, "must be a map, not a list"},
        Wrong{"Missing", "count: 1", "item.name", "required", 1, 1, "\"name\" is required"},
        Wrong{"Null", "count: 1\nname:", "item.name", "required", 2, 6, "required"},
        Wrong{"NumberForString", "name: 12", "item.name", "type", 1, 7, "not the number 12|quote it"},
        Wrong{"ListForString", "name: []", "item.name", "type", 1, 7, "not a list"},
        Wrong{"Empty", "name: ''", "item.name", "empty", 1, 7, "must not be empty"},
        Wrong{"Blank", "name: ' \t '", "item.name", "empty", 1, 7, "must not be empty"},
        Wrong{"TooShort", "name: a", "item.name", "too-short", 1, 7, "at least 2"},
        Wrong{"TooLong", "name: abcdef", "item.name", "too-long", 1, 7, "at most 5"},
        Wrong{"Pattern", "name: aBc", "item.name", "pattern", 1, 7, "must be lower case, not \"aBc\""},
        Wrong{"QuotedNumber", "name: abc\ncount: \"3\"", "item.count", "type", 2, 8, "without quotes"},
        Wrong{"FloatForInteger", "name: abc\ncount: 3.0", "item.count", "type", 2, 8, "the number 3.0"},
        Wrong{"BelowRange", "name: abc\ncount: 0", "item.count", "range", 2, 8, "between 1 and 9"},
        Wrong{"AboveRange", "name: abc\ncount: 10", "item.count", "range", 2, 8, "between 1 and 9"},
        Wrong{"HalfRange", "name: abc\nleast: -1", "item.least", "range", 2, 8, "at least 0"},
        Wrong{"Ratio", "name: abc\nratio: 1.5", "item.ratio", "range", 2, 8, "between 0 and 1"},
        Wrong{"RatioType", "name: abc\nratio: x", "item.ratio", "type", 2, 8, "must be a number"},
        Wrong{"Yes", "name: abc\nflag: yes", "item.flag", "type", 2, 7, "true or false"},
        Wrong{"Choice", "name: abc\naction: CREAT", "item.action", "choice", 2, 9, "did you mean \"CREATE\"?"},
        Wrong{"ChoiceType", "name: abc\naction: 1", "item.action", "type", 2, 9, "CREATE, ALTER, DELETE"},
        Wrong{"NoList", "name: abc\ntags: a", "item.tags", "type", 2, 7, "must be a list"},
        Wrong{"TooFew", "name: abc\ntags: []", "item.tags", "too-few", 2, 7, "at least 1"},
        Wrong{"TooMany", "name: abc\ntags: [a, b, 1]", "item.tags", "too-many", 2, 7, "at most 2"},
        Wrong{"ItemType", "name: abc\ntags: [a, 1]", "item.tags[1]", "type", 2, 11, "must be a string"},
        Wrong{"ItemLong", "name: abc\ntags: [abcd]", "item.tags[0]", "too-long", 2, 8, "at most 3"},
        Wrong{"NoMapInside", "name: abc\nconfig: []", "item.config", "type", 2, 9, "must be a map"},
        Wrong{"MapTooLarge", "name: abc\nconfig: {a: 1, b: 2}", "item.config", "too-many", 2, 9, "at most 1"},
        Wrong{"UnknownNear", "name: abc\n\"coumt\": 3", "item.coumt", "unknown-field", 2, 1,
              "did you mean \"count\"?"},
        Wrong{"UnknownFar", "name: abc\nzzzzzzzz: 3", "item.zzzzzzzz", "unknown-field", 2, 1,
              "known here: name, count"}),
    [](const auto& param) { return param.param.name; });

TEST(MapReader, ReadsEveryType) {
  const auto node = parse_yaml("s: ' x '\ni: 3\nn: 2\nb: true\na: ALTER\nl: [p, q]\nm: {k.v: 7d}\n");
  ASSERT_TRUE(node);
  std::vector<Problem> problems;
  MapReader reader(*node, "", problems);
  EXPECT_EQ(reader.required_string("s"), "x");
  EXPECT_EQ(reader.integer("i"), 3);
  EXPECT_EQ(reader.number("n", 0, 9), 2.0);
  EXPECT_EQ(reader.boolean("b"), true);
  EXPECT_EQ(reader.required_choice("a", kActions), 1u);
  EXPECT_EQ(reader.strings("l", {}), (std::vector<std::string>{"p", "q"}));
  std::string seen;
  reader.map("m", {}, [&](const std::string& key, const Node& value, const std::string& path) {
    seen = key + "|" + value.spelling + "|" + path;
  });
  EXPECT_EQ(seen, "k.v|7d|m.k.v");
  reader.finish();
  EXPECT_TRUE(problems.empty());
}

TEST(MapReader, NullIsAbsentExceptToFind) {
  const auto node = parse_yaml("{s: null, i: ~, b: , l: null, m: null, c: null}");
  ASSERT_TRUE(node);
  std::vector<Problem> problems;
  MapReader reader(*node, "", problems);
  EXPECT_EQ(reader.string("s"), std::nullopt);
  EXPECT_EQ(reader.integer("i"), std::nullopt);
  EXPECT_EQ(reader.boolean("b"), std::nullopt);
  EXPECT_EQ(reader.choice("c", kActions), std::nullopt);
  EXPECT_TRUE(reader.strings("l", {.min = 1}).empty());
  reader.map("m", {.min = 1}, [](const auto&, const auto&, const auto&) { FAIL(); });
  EXPECT_NE(reader.find("s"), nullptr);
  reader.finish();
  EXPECT_TRUE(problems.empty());
}

TEST(MapReader, ReportsAllAtOnce) {
  EXPECT_EQ(problems_of("{name: 1, count: x, flag: 3, action: no, tags: 4, zz: 1}").size(), 6u);
}

TEST(MapReader, KeepsLongNamesOutOfMessages) {
  const auto problems = problems_of("name: abc\n? " + std::string(100'000, 'x') + "\n: 1\n");
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_LT(problems[0].message.size() + problems[0].field.size(), 300u);
}

}  // namespace
}  // namespace sluice::text
