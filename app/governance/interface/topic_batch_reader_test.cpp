#include "governance/interface/topic_batch_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "platform/text/json.h"
#include "platform/text/yaml.h"

namespace sluice::governance::interface {
namespace {

using testing::ElementsAre;

const std::vector<domain::EnvironmentName> kEnvironments{domain::EnvironmentName("dev"),
                                                         domain::EnvironmentName("stg"),
                                                         domain::EnvironmentName("prod")};

std::string file(const std::string& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

Result<domain::TopicBatch> read(const std::string& yaml) {
  auto document = text::parse_yaml(yaml);
  EXPECT_TRUE(document.has_value()) << (document ? "" : document.error().describe());
  return read_topic_batch(*document, kEnvironments);
}

std::string with_items(const std::string& items) {
  return "kind: TopicBatch\nenv: prod\nchangeId: c-1\nitems:\n" + items;
}
std::string with_config(const std::string& config) {
  return with_items("  - name: prod.x\n    config: {" + config + "}\n");
}

TEST(TopicBatchReader, AcceptsTheSeedsExampleAsItStands) {  // G20
  const auto batch = read(file("config/examples/topic-batch.yaml"));
  ASSERT_TRUE(batch.has_value()) << batch.error().describe();
  EXPECT_EQ(batch->env.str(), "prod");
  EXPECT_EQ(batch->change_id.str(), "2025-09-25_001");
  ASSERT_EQ(batch->items.size(), 2U);
  const auto& orders = batch->items[0];
  EXPECT_EQ(orders.partitions, 12);
  EXPECT_EQ(orders.replication_factor, 3);
  EXPECT_EQ(orders.configs.at("retention.ms"), "604800000");
  EXPECT_EQ(orders.metadata.sla, "P99<200ms");
  EXPECT_EQ(orders.place.line, 5);
  EXPECT_EQ(batch->items[1].action, domain::ItemAction::kDelete);
  EXPECT_EQ(batch->items[1].reason, "retired");
}

TEST(TopicBatchReader, AcceptsEveryExampleOfTheRepository) {
  for (const auto* path : {"config/examples/topic-batch-actions.yaml", "config/topics.yaml"}) {
    const auto batch = read(file(path));
    EXPECT_TRUE(batch.has_value()) << path << ": " << batch.error().problems.at(0).message;
  }
}

TEST(TopicBatchReader, ReadsJsonAlike) {
  const auto document = text::parse_json(
      R"({"kind":"TopicBatch","env":"dev","changeId":"c","items":[{"name":" dev.x ","config":{"partitions":3,"retention.ms":1000,"preallocate":true,"segment.ms":null}}]})");
  const auto batch = read_topic_batch(*document, kEnvironments);
  ASSERT_TRUE(batch.has_value()) << batch.error().problems.at(0).message;
  const auto& item = batch->items[0];
  EXPECT_EQ(item.name.str(), "dev.x");  // trimmed
  EXPECT_THAT(item.configs,
              ElementsAre(std::pair("preallocate", std::optional<std::string>("true")),
                          std::pair("retention.ms", std::optional<std::string>("1000")),
                          std::pair("segment.ms", std::optional<std::string>())));
}

TEST(TopicBatchReader, TakesAnyScalarForATopicConfig) {
  const auto batch = read(with_config(
      "retention.ms: 7d, min.cleanable.dirty.ratio: 0.50, preallocate: true, segment.ms: '5'"));
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(batch->items[0].configs.at("min.cleanable.dirty.ratio"), "0.50");
  EXPECT_EQ(batch->items[0].configs.at("segment.ms"), "5");
}

struct Row {
  std::string document;
  std::string field;
  std::string rule;
  std::string fix = "";  // when given, must be part of the fix
};
class RefusedBatch : public testing::TestWithParam<Row> {};
TEST_P(RefusedBatch, NamesFieldRuleAndPlace) {  // G23
  const auto& row = GetParam();
  const auto batch = read(row.document);
  ASSERT_FALSE(batch.has_value()) << row.document;
  EXPECT_EQ(batch.error().code, "batch.invalid");
  EXPECT_EQ(batch.error().kind, ErrorKind::kInvalid);
  ASSERT_EQ(batch.error().problems.size(), 1U) << batch.error().problems[1].message;
  const auto& problem = batch.error().problems[0];
  EXPECT_EQ(problem.field, row.field);
  EXPECT_EQ(problem.rule, row.rule);
  EXPECT_THAT(problem.fix, testing::HasSubstr(row.fix));
  EXPECT_GT(problem.line, 0);
  EXPECT_GT(problem.column, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Document, RefusedBatch,
    testing::Values(
        Row{"env: prod\nchangeId: c\nitems: [{name: x}]", "kind", "required"},
        Row{"just text", "", "type"}, Row{"[]", "", "type"},
        Row{"kind: SchemaBatch\nenv: prod\nchangeId: c\nitems: [{name: prod.x}]", "kind", "choice"},
        Row{"kind: TopicBatch\nenv: qa\nchangeId: c\nitems: [{name: x}]", "env", "choice"},
        Row{"kind: TopicBatch\nenv: prod\nitems: [{name: x}]", "changeId", "required"},
        Row{"kind: TopicBatch\nenv: prod\nchangeId: -c\nitems: [{name: x}]", "changeId", "pattern"},
        Row{"kind: TopicBatch\nenv: prod\nchangeId: a/b\nitems: [{name: x}]", "changeId",
            "pattern"},
        Row{"kind: TopicBatch\nenv: prod\nchangeId: 2025\nitems: [{name: x}]", "changeId", "type",
            "quote"},
        Row{"kind: TopicBatch\nenv: prod\nchangeId: '  '\nitems: [{name: x}]", "changeId", "empty"},
        Row{"kind: TopicBatch\nenv: prod\nchangeId: " + std::string(101, 'a') +
                "\nitems: [{name: x}]",
            "changeId", "too-long"},
        Row{"kind: TopicBatch\nenv: prod\nchangeId: c\n", "items", "required"},
        Row{"kind: TopicBatch\nenv: prod\nchangeId: c\nitems: []", "items", "too-few"},
        Row{"kind: TopicBatch\nenv: prod\nchangeId: c\nitems: {}", "items", "type"},
        Row{"kind: TopicBatch\nenv: prod\nchangeID: c\nchangeId: c\nitems: [{name: x}]", "changeID",
            "unknown-field", "changeId"}));

INSTANTIATE_TEST_SUITE_P(
    Item, RefusedBatch,
    testing::Values(
        Row{with_items("  - prod.x\n"), "items[0]", "type"},
        Row{with_items("  - {}\n"), "items[0].name", "required"},
        Row{with_items("  - {name: ''}\n"), "items[0].name", "empty"},
        Row{with_items("  - {name: 5}\n"), "items[0].name", "type"},
        Row{with_items("  - {name: .}\n"), "items[0].name", "pattern"},
        Row{with_items("  - {name: ..}\n"), "items[0].name", "pattern"},
        Row{with_items("  - {name: \"a\\nb\"}\n"), "items[0].name", "pattern"},
        Row{with_items("  - {name: " + std::string(250, 'a') + "}\n"), "items[0].name", "too-long"},
        Row{with_items("  - {name: " + std::string(100'000, 'a') + "}\n"), "items[0].name",
            "too-long"},
        Row{with_items("  - {name: dev.x}\n"), "items[0].name", "environment"},
        Row{with_items("  - {name: prod.x}\n  - {name: ' prod.x '}\n"), "items[1].name",
            "duplicate"},
        Row{with_items("  - {name: prod.x, action: drop}\n"), "items[0].action", "choice"},
        Row{with_items("  - {name: prod.x, partitions: 3}\n"), "items[0].partitions",
            "unknown-field"},
        Row{with_items("  - {name: prod.x, action: delete, config: {partitions: 3}}\n"),
            "items[0].config", "not-allowed"},
        Row{with_items("  - {name: prod.x, metadata: {ownr: a}}\n"), "items[0].metadata.ownr",
            "unknown-field", "owner"},
        Row{with_items("  - {name: prod.x, metadata: {tags: [a, 1]}}\n"),
            "items[0].metadata.tags[1]", "type"},
        Row{with_items("  - {name: prod.x, metadata: {sla: 99}}\n"), "items[0].metadata.sla",
            "type"},
        Row{with_items("  - {name: prod.x, metadata: {jira: pay-123}}\n"), "items[0].metadata.jira", "pattern"},
        Row{with_items("  - {name: prod.x, metadata: {jira: 'PAY-1 '}}\n  - {name: prod.y, metadata: {jira: PAY-2}}\n"),
            "items[1].metadata.jira", "conflict", "one issue"},
        Row{with_items("  - {name: prod.x, metadata: {jira: PAY-1/../x}}\n"), "items[0].metadata.jira", "pattern"},
        Row{with_items("  - {name: prod.x, metadata: {jira: 123}}\n"), "items[0].metadata.jira", "type"},
        Row{with_items("  - {name: prod.x, reason: ' '}\n"), "items[0].reason", "empty"},
        Row{with_items("  - {name: prod.x, config: 12}\n"), "items[0].config", "type"}));

INSTANTIATE_TEST_SUITE_P(
    Config, RefusedBatch,
    testing::Values(
        Row{with_config("partitions: '12'"), "items[0].config.partitions", "type",
            "without quotes"},
        Row{with_config("partitions: 12.0"), "items[0].config.partitions", "type"},
        Row{with_config("partitions: 0"), "items[0].config.partitions", "range"},
        Row{with_config("partitions: -1"), "items[0].config.partitions", "range"},
        Row{with_config("partitions: 9223372036854775807"), "items[0].config.partitions", "range"},
        Row{with_config("replicationFactor: '3'"), "items[0].config.replicationFactor", "type"},
        Row{with_config("replicationFactor: 32768"), "items[0].config.replicationFactor", "range"},
        Row{with_config("replicationfactor: 3"), "items[0].config.replicationfactor",
            "unknown-field", "replicationFactor"},
        Row{with_config("replication.factor: 3"), "items[0].config.replication.factor",
            "unknown-field", "replicationFactor"},
        Row{with_config("Partitions: 3"), "items[0].config.Partitions", "unknown-field",
            "partitions"},
        Row{with_config("retention.ms: ''"), "items[0].config.retention.ms", "empty", "null"},
        Row{with_config("cleanup.policy: [compact, delete]"), "items[0].config.cleanup.policy",
            "type", "commas"},
        Row{with_config("retention.ms: {a: 1}"), "items[0].config.retention.ms", "type"}));

TEST(TopicBatchReader, TakesTheIssueOfWhicheverItemsNameIt) {  // G13
  const auto issue = [](const std::string& items) { return domain::issue_of(read(with_items(items)).value()); };
  EXPECT_EQ(issue("  - {name: prod.x}\n  - {name: prod.y, metadata: {jira: PAY-123}}\n"), "PAY-123");
  EXPECT_EQ(issue("  - {name: prod.x, metadata: {jira: PAY-1}}\n  - {name: prod.y, metadata: {jira: PAY-1}}\n"), "PAY-1");
  EXPECT_EQ(issue("  - {name: prod.x, metadata: {jira: null}}\n"), "");
}

TEST(TopicBatchReader, LeavesUnknownConfigKeysToTheBroker) {
  EXPECT_TRUE(read(with_config("retention.mss: 5, foo: 3")).has_value());
}

TEST(TopicBatchReader, LeavesNamesThatPoliciesJudgeToThem) {
  EXPECT_TRUE(
      read(with_items("  - {name: orders}\n  - {name: prod.Orders}\n  - {name: prod.a b}\n"))
          .has_value());
}

std::string many_items(int count) {
  std::string items;
  for (int i = 0; i < count; ++i) items += "  - {name: prod.x" + std::to_string(i) + "}\n";
  return with_items(items);
}

TEST(TopicBatchReader, TakesUpTo1000Items) {
  EXPECT_EQ(read(many_items(1000))->items.size(), 1000U);
  const auto more = read(many_items(1001));
  ASSERT_FALSE(more.has_value());
  EXPECT_EQ(more.error().problems.at(0).rule, "too-many");
}

TEST(TopicBatchReader, BoundsItsAnswerToAHostileBatch) {
  std::string items;
  for (int i = 0; i < 1000; ++i) {
    items += "  - {name: prod.x" + std::to_string(i) + ", config: {A: 1, B: 1, C: 1}}\n";
  }
  EXPECT_EQ(read(with_items(items)).error().problems.size(), 1000U);
}

TEST(TopicBatchReader, ReportsEveryProblemAtOnceInTheOrderOfTheText) {  // G23
  const auto batch = read(R"(kind: TopicBatch
env: prod
changeId: c
items:
  - name: dev.x
    config:
      partitions: "12"
      replicationFactor: 0
  - nam: prod.y
extra: 1
)");
  ASSERT_FALSE(batch.has_value());
  std::vector<std::string> found;
  for (const auto& problem : batch.error().problems) {
    found.push_back(std::to_string(problem.line) + " " + problem.field + " " + problem.rule);
  }
  EXPECT_THAT(found,
              ElementsAre("5 items[0].name environment", "7 items[0].config.partitions type",
                          "8 items[0].config.replicationFactor range", "9 items[1].name required",
                          "9 items[1].nam unknown-field", "10 extra unknown-field"));
}

}  // namespace
}  // namespace sluice::governance::interface
