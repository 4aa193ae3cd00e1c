// Rules of the kind expression: what loads, and what their examples hold them to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "governance/domain/plan/plan_test_support.h"
#include "governance/infrastructure/policy_reader.h"
#include "platform/text/yaml.h"

namespace sluice::governance::infrastructure {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<domain::PolicySet> read(const std::string& rule) {
  const auto document = text::parse_yaml(
      fmt::format("kind: PolicySet\nversion: \"1\"\nenvironments: [dev, prod]\nrules:\n  - {}\n", rule));
  EXPECT_TRUE(document.has_value()) << (document ? "" : document.error().describe());
  return read_policy_set(*document);
}

constexpr const char* kRetention = R"({id: prod-retention, rule: expression, when: 'op != "DELETE"',
     require: 'config["retention.ms"] >= days(7)',
     examples: {pass: [{config: {retention.ms: 7d}}, {op: DELETE}], fail: [{config: {retention.ms: 6d}}]}})";

TEST(ExpressionRule, JudgesPlannedTopics) {
  const auto policies = read(kRetention);
  ASSERT_TRUE(policies.has_value()) << policies.error().problems.at(0).message;
  const auto state = domain::cluster({{"prod.old", domain::live(3, 3)}});
  const auto plan = domain::planned(
      domain::batch("prod", {domain::item("prod.a", 3, {{"retention.ms", "1d"}}),
                             domain::item("prod.b", 3, {{"retention.ms", "30d"}}), domain::deletion("prod.old")}),
      state, *policies);
  EXPECT_THAT(domain::rules_of(plan), ElementsAre("prod-retention block"));
  EXPECT_EQ(plan.violations[0].name.str(), "prod.a");
  EXPECT_EQ(plan.violations[0].field, "retention.ms");
  EXPECT_EQ(plan.violations[0].message, "does not meet: config[\"retention.ms\"] >= days(7)");
}

// What the policy's author says comes before the expression's own words.
TEST(ExpressionRule, TellsInTheAuthorsWords) {
  const auto policies = read(R"({rule: expression, require: 'partitions <= 6', message: Too wide., fix: Ask the platform team.,
     examples: {pass: [{partitions: 6}], fail: [{partitions: 7}]}})");
  ASSERT_TRUE(policies.has_value()) << policies.error().problems.at(0).message;
  const auto plan = domain::planned(domain::batch("prod", {domain::item("prod.a", 7)}), domain::cluster(), *policies);
  ASSERT_THAT(domain::rules_of(plan), ElementsAre("expression block"));
  EXPECT_EQ(plan.violations[0].message, "Too wide.");
  EXPECT_EQ(plan.violations[0].fix, "Ask the platform team.");
}

TEST(ExpressionRule, FailsClosedOnWhatHasNoValue) {
  const auto policies = read(R"({rule: expression, require: 'metadata.owner == "team-a"', message: Not yours.,
     examples: {pass: [{metadata: {owner: team-a}}], fail: [{metadata: {owner: team-b}}]}})");
  ASSERT_TRUE(policies.has_value()) << policies.error().problems.at(0).message;
  const auto plan = domain::planned(domain::batch("prod", {domain::item("prod.a", 1)}), domain::cluster(), *policies);
  ASSERT_THAT(domain::rules_of(plan), ElementsAre("expression block"));
  EXPECT_EQ(plan.violations[0].message, "can't be judged: metadata.owner has no value");
}

TEST(ExpressionRule, ThatReadsTheOperationBlocksDeletes) {
  const auto policies = read(R"({rule: expression, require: 'op != "DELETE" || metadata.owner == "platform"',
     examples: {pass: [{op: ALTER}, {op: DELETE, metadata: {owner: platform}}],
                fail: [{op: DELETE, metadata: {owner: me}}]}})");
  ASSERT_TRUE(policies.has_value()) << policies.error().problems.at(0).message;
  const auto state = domain::cluster({{"prod.a", domain::live(1, 1)}});
  EXPECT_THAT(domain::rules_of(domain::planned(domain::batch("prod", {domain::deletion("prod.a")}), state, *policies)),
              ElementsAre("expression block"));
  EXPECT_THAT(domain::rules_of(domain::planned(domain::batch("prod", {domain::item("prod.a", 2)}), state, *policies)),
              IsEmpty());
}

struct Row {
  const char* rule;
  const char* field;
  const char* message;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.rule; }

class RefusedExpression : public testing::TestWithParam<Row> {};
TEST_P(RefusedExpression, SaysWhy) {
  const auto policies = read(GetParam().rule);
  ASSERT_FALSE(policies.has_value());
  const auto& problem = policies.error().problems.at(0);
  EXPECT_EQ(problem.field, GetParam().field);
  EXPECT_THAT(problem.message, HasSubstr(GetParam().message));
  EXPECT_GT(problem.line, 0);
}
INSTANTIATE_TEST_SUITE_P(
    Rules, RefusedExpression,
    testing::Values(
        Row{"{rule: expression}", "rules[0].require", "required"},
        Row{"{rule: expression, require: 'partitions <='}", "rules[0].require", "column 14: the expression ends too early"},
        Row{"{rule: expression, require: 'true', when: 'op'}", "rules[0].when", "has to say yes or no"},
        Row{"{rule: expression, require: 'partitions <= 6'}", "rules[0].examples", "needs an example"},
        Row{"{rule: expression, require: 'partitions <= 6', examples: {pass: [{partitions: 6}]}}",
            "rules[0].examples.fail", "required"},
        Row{"{rule: expression, require: 'partitions <= 6', examples: {pass: [], fail: [{partitions: 7}]}}",
            "rules[0].examples.pass", ""},
        // Written backwards: its own examples say so.
        Row{"{rule: expression, require: 'partitions > 6', examples: {pass: [{partitions: 6}], fail: [{partitions: 6}]}}",
            "rules[0].examples.pass[0]", "should pass, and the rule says: does not meet"},
        Row{"{rule: expression, require: 'partitions <= 6', examples: {pass: [{partitions: 6}], fail: [{partitions: 5}]}}",
            "rules[0].examples.fail[0]", "lets it pass"},
        // Fails, but shows nothing.
        Row{"{rule: expression, require: 'config[\"retention.ms\"] < 5', "
            "examples: {pass: [{config: {retention.ms: 1}}], fail: [{}]}}",
            "rules[0].examples.fail", "only because a value is missing"},
        Row{"{rule: expression, require: 'partitions <= 6', examples: {pass: [{partitions: 6, confg: {}}], fail: [{partitions: 7}]}}",
            "rules[0].examples.pass[0].confg", "confg"}));

}  // namespace
}  // namespace sluice::governance::infrastructure
