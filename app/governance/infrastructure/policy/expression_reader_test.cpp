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

domain::TopicItem owned_by(domain::TopicItem topic, const char* owner) {
  topic.metadata.owner = owner;
  return topic;
}

std::vector<std::string> judged(const char* rule, const domain::TopicItem& asked, const char* on_record = "") {
  const auto policies = read(rule);
  EXPECT_TRUE(policies.has_value()) << policies.error().problems.at(0).message;
  auto state = domain::cluster({{"prod.a", domain::live(3, 3)}});
  if (*on_record != 0) state.declared[asked.name].owner = on_record;
  return policies ? domain::rules_of(domain::planned(domain::batch("prod", {asked}), state, *policies))
                  : std::vector<std::string>();
}

constexpr const char* kNoIntern = R"({rule: expression, require: 'metadata.owner != "intern"',
     examples: {pass: [{op: ALTER, metadata: {owner: me}}], fail: [{op: ALTER, metadata: {owner: intern}}]}})";
constexpr const char* kFrozen = R"({rule: expression, require: '!name.startsWith("prod.")',
     examples: {pass: [{op: ALTER, name: dev.a, config: {retention.ms: 1d}}],
                fail: [{op: ALTER, name: prod.a, config: {retention.ms: 1d}}]}})";

// Metadata that the item states is touched by it, on topics that exist as well.
TEST(ExpressionRule, AboutMetadataBlocksAnAlterThatStatesIt) {
  const auto retention = domain::item("prod.a", {}, {{"retention.ms", "1d"}});
  EXPECT_THAT(judged(kNoIntern, owned_by(retention, "intern")), ElementsAre("expression block"));
  EXPECT_THAT(judged(kNoIntern, owned_by(retention, "me")), IsEmpty());
  EXPECT_THAT(judged(kNoIntern, owned_by(retention, "me"), "intern"), IsEmpty());  // mended
  EXPECT_THAT(judged(kNoIntern, retention, "intern"), ElementsAre("expression warn"));  // already so
  EXPECT_THAT(judged(kNoIntern, retention, "me"), IsEmpty());
}

// What asks only which topic it is, is about every change of it.
TEST(ExpressionRule, AboutTheTopicAloneBlocksEveryChange) {
  EXPECT_THAT(judged(kFrozen, domain::item("prod.a", {}, {{"retention.ms", "1d"}})), ElementsAre("expression block"));
  EXPECT_THAT(judged(kFrozen, domain::item("prod.a", 3)), ElementsAre("expression warn"));  // changes nothing
  EXPECT_THAT(judged(kFrozen, domain::deletion("prod.a")), IsEmpty());
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
        // On a topic that exists it would only warn.
        Row{"{rule: expression, require: 'partitions <= 6', "
            "examples: {pass: [{partitions: 6}], fail: [{op: ALTER, before: {partitions: 7}, partitions: 7}]}}",
            "rules[0].examples.fail[0]", "only warns"},
        // Fails, but shows nothing.
        Row{"{rule: expression, require: 'config[\"retention.ms\"] < 5', "
            "examples: {pass: [{config: {retention.ms: 1}}], fail: [{}]}}",
            "rules[0].examples.fail", "only because a value is missing"},
        Row{"{rule: expression, require: 'partitions <= 6', examples: {pass: [{partitions: 6, confg: {}}], fail: [{partitions: 7}]}}",
            "rules[0].examples.pass[0].confg", "confg"}));

}  // namespace
}  // namespace sluice::governance::infrastructure
