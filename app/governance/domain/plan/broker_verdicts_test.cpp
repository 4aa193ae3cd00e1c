#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "governance/domain/plan/item_calls.h"
#include "governance/domain/plan/plan_test_support.h"

namespace sluice::governance::domain {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Row {
  const char* code;
  const char* words;
  const char* rule;
  const char* field;
  const char* fix;
};

class Refusal : public testing::TestWithParam<Row> {};
TEST_P(Refusal, BecomesAViolationInTheBrokersWords) {
  const auto& row = GetParam();
  auto plan = planned(batch("stg", {item("stg.x", 3)}), cluster());
  apply_verdicts(plan,
                 {{TopicName("stg.x"), BrokerCall::kCreateTopic, false, row.code, row.words}});
  ASSERT_EQ(plan.violations.size(), 1U);
  EXPECT_EQ(plan.violations[0], (Violation{TopicName("stg.x"), row.rule, row.words,
                                           Severity::kBlock, row.field, row.fix}));
  EXPECT_EQ(plan.items[0].verdicts.size(), 1U);
}
INSTANTIATE_TEST_SUITE_P(
    Broker, Refusal,
    testing::Values(
        Row{"INVALID_CONFIG", "Unknown topic config name: retention.mss", "broker.rejected",
            "retention.mss", "Did you mean retention.ms?"},
        Row{"INVALID_CONFIG",
            "Invalid value abc for configuration retention.ms: Not a number of type LONG",
            "broker.rejected", "retention.ms",
            "Correct retention.ms as the broker says (INVALID_CONFIG)."},
        Row{"INVALID_REPLICATION_FACTOR", "Unable to replicate the partition 3 time(s)",
            "broker.rejected", "replicationFactor",
            "Correct replicationFactor as the broker says (INVALID_REPLICATION_FACTOR)."},
        Row{"INVALID_TOPIC_EXCEPTION", "Topic 'stg_x' collides with existing topic: stg.x",
            "naming.collision", "name", "Choose a name that differs by more than '.' and '_'."},
        Row{"TOPIC_ALREADY_EXISTS", "Topic 'stg.x' already exists.", "broker.rejected", "name",
            "Plan again: the topic appeared in the meantime."}));

TEST(Verdicts, SayNothingTwice) {
  auto plan = planned(batch("stg", {item("stg.a.b", 3), item("stg.a_b", 3)}), cluster());
  apply_verdicts(plan,
                 {{TopicName("stg.a_b"), BrokerCall::kCreateTopic, false, "INVALID_TOPIC_EXCEPTION",
                   "Topic 'stg.a_b' collides with existing topic: stg.a.b"}});
  EXPECT_THAT(rules_of(plan), ElementsAre("naming.collision block", "naming.collision block"));

  plan = planned(batch("stg", {item("stg.x", 3)}),
                 cluster({{"stg.x", live(8, 3, {{"compression.type", "zstd"}})}}));
  apply_verdicts(plan,
                 {{TopicName("stg.x"), BrokerCall::kCreatePartitions, false, "INVALID_PARTITIONS",
                   "The topic stg.x currently has 8 partition(s); 3 would not be an increase."}});
  EXPECT_THAT(rules_of(plan), ElementsAre("partitions.decrease block"));
}

TEST(Verdicts, KeepTheOrderOfItemsAndRules) {
  auto plan = planned(batch("stg", {item("stg.a", 3), item("orders", 101)}), cluster());
  apply_verdicts(plan,
                 {{TopicName("orders"), BrokerCall::kCreateTopic, true, "", ""},
                  {TopicName("stg.a"), BrokerCall::kCreateTopic, false, "POLICY_VIOLATION", "no"}});
  EXPECT_THAT(rules_of(plan), ElementsAre("broker.rejected block", "naming.pattern block",
                                          "guardrail.partitions block"));
}

TEST(Verdicts, OfATopicThatChangesNothingDoNotBlock) {
  // The planner's caller asks with a create whether a topic to delete is really absent.
  auto plan = planned(batch("stg", {deletion("stg.a_b")}), cluster());
  apply_verdicts(
      plan, {{TopicName("stg.a_b"), BrokerCall::kCreateTopic, false, "INVALID_TOPIC_EXCEPTION",
              "Topic 'stg.a_b' collides with existing topic: stg.a.b"},
             {TopicName("stg.other"), BrokerCall::kCreateTopic, false, "INVALID_CONFIG", "no"}});
  EXPECT_THAT(plan.violations, IsEmpty());
}

// A controller that does not say is no controller that says no.
TEST(Existence, IsWhatTheControllerSaysOrNotKnown) {
  const auto told = [](bool ok, const char* code, const char* words = "") {
    return existence_in({TopicName("stg.a"), BrokerCall::kCreateTopic, ok, code, words});
  };
  EXPECT_EQ(told(true, ""), std::optional(false));
  EXPECT_EQ(told(false, "TOPIC_ALREADY_EXISTS"), std::optional(true));
  EXPECT_EQ(told(false, "INVALID_TOPIC_EXCEPTION", "Topic 'stg.a_b' collides with existing topic: stg.a.b"),
            std::optional(false));
  for (const char* after_the_look : {"POLICY_VIOLATION", "INVALID_REPLICATION_FACTOR"}) {
    EXPECT_EQ(told(false, after_the_look), std::optional(false)) << after_the_look;
  }
  for (const char* unsaid : {"TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED", "INVALID_TOPIC_EXCEPTION",
                             "INVALID_REQUEST", "UNSUPPORTED_VERSION", ""}) {
    EXPECT_EQ(told(false, unsaid), std::nullopt) << unsaid;
  }
}

}  // namespace
}  // namespace sluice::governance::domain
