// The language by tables: what expressions say about one change, and what doesn't compile.
#include "governance/domain/policy/expression/expression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "governance/domain/plan/plan_test_support.h"

namespace sluice::governance::domain::expression {
namespace {

using testing::HasSubstr;

// Stands in for the regular expressions of the infrastructure: "a*" matches what begins with "a".
Result<PatternMatcher> prefix_pattern(std::string_view pattern) {
  if (pattern.find('(') != std::string_view::npos) {
    return Error{ErrorKind::kInvalid, "pattern.invalid", "missing )", "close it", {}};
  }
  return PatternMatcher([prefix = std::string(pattern.substr(0, pattern.size() - 1))](std::string_view text) {
    return text.starts_with(prefix);
  });
}

const std::vector<EnvironmentName>& known() {
  static const std::vector<EnvironmentName> all = environments();
  return all;
}

Result<Expression> compile(std::string_view text) {
  const Vocabulary vocabulary{prefix_pattern, known()};
  return Expression::compile(text, vocabulary);
}

// prod.orders: 8 partitions and a week of retention become 12 and a day; its owner is known.
Outcome about_an_alter(std::string_view text) {
  auto asked = item("prod.orders", 12, {{"retention.ms", "1d"}, {"cleanup.policy", "compact, delete"}});
  asked.metadata.owner = "team-commerce";
  asked.metadata.tags = {"pii", "keyed"};
  const auto all = batch("prod", {asked});
  auto state = cluster({{"prod.orders", live(8, 3, {{"min.cleanable.dirty.ratio", "0.5"},
                                                    {"preallocate", "false"}})}});
  const auto plan = make_plan(all, state, PolicySet{}, kNow);
  const TopicChange change(all, all.items[0], plan.items[0], state);
  const auto expression = compile(text);
  EXPECT_TRUE(expression.has_value()) << text << ": " << (expression ? "" : expression.error().message);
  if (!expression) return {};
  const Outcome outcome = expression->evaluate(change);
  // What is undefined points into the expression, which ends here.
  const auto place = text.find(outcome.undefined);
  return {outcome.truth, outcome.undefined.empty() ? std::string_view() : text.substr(place, outcome.undefined.size())};
}

struct Row {
  const char* text;
  Truth truth;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.text; }
constexpr Truth T = Truth::kTrue;
constexpr Truth F = Truth::kFalse;
constexpr Truth U = Truth::kUndefined;

class OfAnAlter : public testing::TestWithParam<Row> {};
TEST_P(OfAnAlter, Says) { EXPECT_EQ(about_an_alter(GetParam().text).truth, GetParam().truth); }

INSTANTIATE_TEST_SUITE_P(
    Variables, OfAnAlter,
    testing::Values(Row{"op == \"ALTER\"", T}, Row{"op != 'ALTER'", F}, Row{"env == \"prod\"", T},
                    Row{"name == \"prod.orders\"", T}, Row{"exists", T}, Row{"partitions == 12", T},
                    Row{"before.partitions == 8", T}, Row{"replicationFactor == 3", T},
                    Row{"before.replicationFactor == 3", T}, Row{"config[\"retention.ms\"] == days(1)", T},
                    Row{"before.config[\"retention.ms\"] == days(7)", T}, Row{"metadata.owner == 'team-commerce'", T},
                    Row{"\"pii\" in metadata.tags", T}, Row{"\"x\" in metadata.tags", F},
                    Row{"config[\"cleanup.policy\"] == [\"delete\", \"compact\"]", T},
                    Row{"\"compact\" in config[\"cleanup.policy\"]", T}, Row{"config[\"preallocate\"]", F},
                    Row{"config[\"min.cleanable.dirty.ratio\"] >= 0.5", T},
                    Row{"config[\"min.cleanable.dirty.ratio\"] < 1", T}));

INSTANTIATE_TEST_SUITE_P(
    Missing, OfAnAlter,
    testing::Values(Row{"metadata.sla == \"x\"", U}, Row{"metadata.sla != \"x\"", U}, Row{"!(metadata.sla == 'x')", U},
                    Row{"has(metadata.sla)", F}, Row{"!has(metadata.sla) || metadata.sla == 'x'", T},
                    Row{"has(metadata.sla) && metadata.sla == 'x'", F}, Row{"metadata.sla == 'x' || true", U},
                    Row{"true || metadata.sla == 'x'", T}, Row{"config[\"no.such\"] == 'x'", U},
                    Row{"has(config[\"no.such\"])", F}, Row{"metadata.sla in ['x']", U},
                    Row{"metadata.sla.startsWith('x')", U}, Row{"size(metadata.sla) > 1", U}));

INSTANTIATE_TEST_SUITE_P(
    Operators, OfAnAlter,
    testing::Values(Row{"true && false || true", T}, Row{"true || false && false", T}, Row{"!false", T}, Row{"!!true", T},
                    Row{"! (true && false)", T}, Row{"partitions > -1", T}, Row{"partitions in [6, 12]", T},
                    Row{"partitions in [-12]", F}, Row{"name in []", F}, Row{"name.startsWith(\"prod.\")", T},
                    Row{"name.endsWith('orders')", T}, Row{"name.contains('.o')", T}, Row{"name.matches('prod.*')", T},
                    Row{"metadata.owner.matches('x*')", F}, Row{"size(metadata.tags) == 2", T},
                    Row{"size(name) == 11", T}, Row{"(partitions == 12) == true", T}, Row{"mib(1) == kib(1024)", T},
                    Row{"gib(1) > 1.5", T}, Row{"9223372036854775807 > 9223372036854775806", T},
                    Row{"hours(24) == days(1) && minutes(60) == hours(1) && seconds(60) == minutes(1)", T},
                    Row{"'it\\'s \\\\' == \"it's \\\\\"", T}));

TEST(Expression, NamesWhatHasNoValue) {
  EXPECT_EQ(about_an_alter("partitions > 1 && config[\"no.such\"] == 'x'").undefined, "config[\"no.such\"]");
}

TEST(Expression, KnowsWhatItReads) {
  const auto expression = compile("op == 'DELETE' || config[\"retention.ms\"] > 1 && before.partitions > partitions");
  ASSERT_TRUE(expression.has_value());
  EXPECT_THAT(expression->reads(), testing::ElementsAre("op", "retention.ms", "partitions"));
  EXPECT_TRUE(expression->reads_operation());
}

TEST(Expression, SeesNothingAfterADelete) {
  const auto all = batch("prod", {deletion("prod.orders")});
  const auto state = cluster({{"prod.orders", live(8, 3)}});
  const auto plan = make_plan(all, state, PolicySet{}, kNow);
  const TopicChange change(all, all.items[0], plan.items[0], state);
  EXPECT_EQ(compile("has(partitions)")->evaluate(change).truth, F);
  EXPECT_EQ(compile("has(config[\"retention.ms\"])")->evaluate(change).truth, F);
  EXPECT_EQ(compile("before.partitions == 8 && op == 'DELETE'")->evaluate(change).truth, T);
}

struct Refused {
  std::string text;
  const char* message;
};
void PrintTo(const Refused& row, std::ostream* out) { *out << row.text.substr(0, 80); }

class DoesNotCompile : public testing::TestWithParam<Refused> {};
TEST_P(DoesNotCompile, AndSaysWhereAndWhy) {
  const auto expression = compile(GetParam().text);
  ASSERT_FALSE(expression.has_value());
  EXPECT_EQ(expression.error().code, "expression.invalid");
  EXPECT_THAT(expression.error().message, HasSubstr(GetParam().message));
  ASSERT_EQ(expression.error().problems.size(), 1U);
  EXPECT_GT(expression.error().problems[0].line, 0);
  EXPECT_GT(expression.error().problems[0].column, 0);
}

std::string times(const char* text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

INSTANTIATE_TEST_SUITE_P(
    Expressions, DoesNotCompile,
    testing::Values(
        Refused{"", "column 1: the expression ends too early"}, Refused{"partitions", "has to say yes or no"},
        Refused{"partitions = 3", "column 12: '=' has no meaning here"}, Refused{"true true", "goes on after its end"},
        Refused{"true &", "'&' has no meaning"}, Refused{"partition == 3", "there is no partition"},
        Refused{"metadata.ower == 'x'", "there is no metadata.ower"}, Refused{"config == 'x'", "config needs a key"},
        Refused{"name['x'] == 'x'", "name has no keys"}, Refused{"config[retention.ms] == 1", "a key in quotes is due"},
        Refused{"partitions == 'x'", "a whole number can't be compared with a text"},
        Refused{"config[\"retention.ms\"] == '7d'", "can't be compared"}, Refused{"name < 'x'", "has no order"},
        Refused{"name in 'x'", "can't be in"}, Refused{"partitions in ['a']", "can't be in"},
        Refused{"['a', 1] == ['a']", "a list holds"}, Refused{"op == \"DELET\"", "op is never \"DELET\""},
        Refused{"op in ['CREATE', 'REMOVE']", "op is never \"REMOVE\""}, Refused{"env == 'prdo'", "env is never"},
        Refused{"partitions && true", "joins yes or no"}, Refused{"!partitions", "turns a yes or no"},
        Refused{"7d > 1", "a number has no unit here"}, Refused{"days(1.5) > 1", "needs a whole number"},
        Refused{"days(99999999999999) > 1", "too large"}, Refused{"99999999999999999999 > 1", "too large"},
        Refused{"weeks(1) > 1", "there is no weeks()"}, Refused{"name.startswith('x')", "there is no .startswith"},
        Refused{"name.matches('(')", "missing )"}, Refused{"partitions.startsWith('x')", "asks a text"},
        Refused{"has(true)", "asks about a variable"}, Refused{"size(partitions) > 1", "counts a text or a list"},
        Refused{"'abc", "the string has no end"}, Refused{"'a\\n' == name", "escape has no meaning"},
        Refused{"true\n && partition > 1", "line 2, column 5: there is no partition"},
        Refused{"- 'x' == name", "a number is due after -"}, Refused{"name.", "there is no ."},
        Refused{"\xff op", "not UTF-8"}, Refused{"\xe2\x82\xac == 1", "column 1: '\xe2\x82\xac' has no meaning here"},
        Refused{times("(", 65) + "true" + times(")", 65), "nested deeper than 64"},
        Refused{times("!", 65) + "true", "nested deeper than 64"},
        Refused{times("true && ", 65) + "true", "nested deeper than 64"}, Refused{times("true ||", 400), "longer than"}));

// Whatever is written, the answer is an expression or one readable problem, never a hang or a crash.
TEST(Expression, SurvivesRandomText) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::vector<std::string> words{"op", "==", "\"DELETE\"", "&&", "||", "!", "(", ")", "config", "[", "]", "'x'",
                                       "partitions", "1", "-", "in", ",", ".", "startsWith", "has", "days", "1.5",
                                       "metadata", "owner", "before", "true", "<", "size", "'"};
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto left = random() % 12; left > 0; --left) text += words[random() % words.size()] + (random() % 2 ? " " : "");
    const auto expression = compile(text);
    if (expression) continue;
    ASSERT_EQ(expression.error().code, "expression.invalid") << text;
    ASSERT_FALSE(expression.error().message.empty()) << text;
  }
}

}  // namespace
}  // namespace sluice::governance::domain::expression
