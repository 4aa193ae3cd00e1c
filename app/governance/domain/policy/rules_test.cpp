// Every rule, as a table: what is asked of which state, and which violations come of it.
#include "governance/domain/policy/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "governance/domain/plan/plan_test_support.h"

namespace sluice::governance::domain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Rules = std::vector<std::string>;

// A topic that meets every guardrail, but for what the row changes.
TopicItem sound(std::string name, Configs configs = {}, std::int32_t partitions = 3,
                std::int32_t replication = 3) {
  configs.try_emplace("min.insync.replicas", "2");
  auto result = item(std::move(name), partitions, std::move(configs));
  result.replication_factor = replication;
  return result;
}

struct Row {
  const char* why;
  const char* env;
  TopicItem asked;
  Rules expected;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.why; }

class OnCreate : public testing::TestWithParam<Row> {};
TEST_P(OnCreate, Judges) {
  const auto& row = GetParam();
  EXPECT_EQ(rules_of(planned(batch(row.env, {row.asked}), cluster())), row.expected) << row.why;
}

INSTANTIATE_TEST_SUITE_P(
    Naming, OnCreate,
    testing::Values(
        Row{"sound", "prod", sound("prod.orders"), {}},
        Row{"no environment", "prod", sound("orders"), {"naming.pattern block"}},
        Row{"forbidden",
            "dev",
            item("tmp.x"),
            {"naming.pattern block", "forbid.prefix block", "guardrail.retention block"}},
        Row{"forbidden behind the environment",
            "prod",
            sound("prod.tmp.x"),
            {"forbid.prefix block"}},
        Row{"not a prefix", "prod", sound("prod.orders.tmp.x"), {}},
        Row{"not the whole part", "prod", sound("prod.tmpfiles"), {}},
        Row{"test in prod", "prod", sound("prod.test.x"), {"forbid.prefix block"}},
        Row{"test in stg", "stg", sound("stg.test.x"), {}},
        Row{"reserved", "prod", sound("prod.kafka"), {"naming.reserved block"}},
        Row{"reserved first part", "prod", sound("prod.kafka.x"), {"naming.reserved block"}},
        Row{"only begins like it", "prod", sound("prod.kafkaesque"), {}}));

INSTANTIATE_TEST_SUITE_P(
    Guardrails, OnCreate,
    testing::Values(
        Row{"RF 2 in prod",
            "prod",
            sound("prod.x", {}, 3, 2),
            {"guardrail.replication-factor block"}},
        Row{"RF 2 in stg", "stg", sound("stg.x", {}, 3, 2), {}},
        Row{"min ISR absent: the broker's 1",
            "prod",
            item("prod.x", 3),
            {"guardrail.min-insync-replicas block"}},
        Row{"min ISR above RF",
            "stg",
            sound("stg.x", {{"min.insync.replicas", "3"}}, 3, 2),
            {"guardrail.min-insync-replicas block"}},
        Row{"min ISR equal to RF", "stg", sound("stg.x", {{"min.insync.replicas", "2"}}, 3, 2), {}},
        Row{"retention below 7d in prod",
            "prod",
            sound("prod.x", {{"retention.ms", "6d"}}),
            {"guardrail.retention block"}},
        Row{"exactly 7d in prod", "prod", sound("prod.x", {{"retention.ms", "604800000"}}), {}},
        Row{"-1 passes at least 7d", "prod", sound("prod.x", {{"retention.ms", "-1"}}), {}},
        Row{"-1 fails at most 3d",
            "dev",
            sound("dev.x", {{"retention.ms", "-1"}}),
            {"guardrail.retention block"}},
        Row{"absent in dev: the broker's 7d", "dev", sound("dev.x"), {"guardrail.retention block"}},
        Row{"exactly 3d in dev", "dev", sound("dev.x", {{"retention.ms", "3d"}}), {}},
        Row{"compact only is not judged by time",
            "prod",
            sound("prod.x", {{"retention.ms", "1"}, {"cleanup.policy", "compact"}}),
            {}},
        Row{"compact and delete is",
            "prod",
            sound("prod.x", {{"retention.ms", "1"}, {"cleanup.policy", "delete, compact"}}),
            {"guardrail.retention block"}},
        Row{"no number: the broker will say",
            "prod",
            sound("prod.x", {{"retention.ms", "abc"}}),
            {}},
        Row{"too many partitions",
            "stg",
            sound("stg.x", {}, 101),
            {"guardrail.partitions block"}}));

TopicItem owned(std::string owner, std::int32_t partitions) {
  auto result = sound("stg.x", {}, partitions);
  result.metadata.owner = std::move(owner);
  return result;
}
INSTANTIATE_TEST_SUITE_P(
    Teams, OnCreate,
    testing::Values(
        Row{"a team's lower bound", "stg", owned("team-small", 11), {"guardrail.partitions block"}},
        Row{"within it", "stg", owned("team-small", 10), {}},
        Row{"a team's higher bound", "stg", owned("team-wide", 500), {}},
        Row{"above it", "stg", owned("team-wide", 501), {"guardrail.partitions block"}},
        Row{"another team", "stg", owned("team-x", 101), {"guardrail.partitions block"}}));

TEST(Violation, SaysWhatIsWrongAndHowToMendIt) {
  const auto plan = planned(batch("prod", {sound("prod.x", {{"retention.ms", "1d"}})}), cluster());
  EXPECT_EQ(plan.violations.at(0),
            (Violation{TopicName("prod.x"), "guardrail.retention",
                       "retention.ms is 1d, below the minimum of 7d in prod", Severity::kBlock,
                       "retention.ms", "Set retention.ms to at least 7d."}));
}

TEST(Collision, IsRefusedInsideTheBatch) {
  const auto plan =
      planned(batch("stg", {sound("stg.a.b"), sound("stg.a_b"), sound("stg.a-b")}), cluster());
  EXPECT_THAT(rules_of(plan), ElementsAre("naming.collision block", "naming.collision block"));
  EXPECT_EQ(plan.violations[0].name.str(), "stg.a.b");
  EXPECT_THAT(plan.violations[0].message, HasSubstr("'stg.a_b'"));
  EXPECT_THAT(plan.violations[1].message, HasSubstr("'stg.a.b'"));
}

TEST(Collision, BlamesTheNewTopicNotTheOneThatExists) {
  const auto plan = planned(
      batch("stg", {sound("stg.a.b"), sound("stg.a_b")}),
      cluster(
          {{"stg.a.b", live(3, 3, {{"compression.type", "zstd"}, {"min.insync.replicas", "2"}})}}));
  ASSERT_THAT(rules_of(plan), ElementsAre("naming.collision block"));
  EXPECT_EQ(plan.violations[0].name.str(), "stg.a_b");
}

// --- changes of topics that exist -------------------------------------------------------------

TEST(ExistingTopic, NamingRulesWarnButNeverBlockACleanUp) {
  const auto plan = planned(batch("prod", {deletion("prod.tmp.x"), deletion("orders")}),
                            cluster({{"prod.tmp.x", live(1, 1)}, {"orders", live(1, 1)}}));
  EXPECT_THAT(rules_of(plan), ElementsAre("forbid.prefix warn", "naming.pattern warn"));
  EXPECT_EQ(plan.violations[0].message, "'tmp' is forbidden in prod");
}

TEST(ExistingTopic, WhatTheChangeDoesNotTouchOnlyWarns) {
  const auto state = cluster({{"prod.x", live(3, 1, {{"compression.type", "zstd"}})}});
  const auto plan = planned(batch("prod", {item("prod.x", 6)}), state);
  EXPECT_THAT(rules_of(plan), ElementsAre("guardrail.replication-factor warn",
                                          "guardrail.min-insync-replicas warn"));
  EXPECT_THAT(plan.violations[0].message, HasSubstr("already so"));
  EXPECT_FALSE(plan.is_blocked());
}

TEST(ExistingTopic, WhatTheChangeTouchesBlocks) {
  const auto state = cluster(
      {{"prod.x", live(3, 3, {{"compression.type", "zstd"}, {"min.insync.replicas", "2"}})}});
  EXPECT_THAT(
      rules_of(planned(batch("prod", {item("prod.x", {}, {{"retention.ms", "1d"}})}), state)),
      ElementsAre("guardrail.retention block"));
  EXPECT_THAT(
      rules_of(planned(batch("prod", {item("prod.x", {}, {{"min.insync.replicas", std::nullopt}})}),
                       state)),
      ElementsAre("guardrail.min-insync-replicas block"));
}

TEST(ExistingTopic, ARuleFollowsEveryFieldItReads) {
  // Retention alone was fine while the topic was only compacted.
  const auto state = cluster({{"prod.x", live(3, 3,
                                              {{"compression.type", "zstd"},
                                               {"min.insync.replicas", "2"},
                                               {"cleanup.policy", "compact"},
                                               {"retention.ms", "1000"}})}});
  EXPECT_THAT(
      rules_of(planned(batch("prod", {item("prod.x", {}, {{"cleanup.policy", "delete"}})}), state)),
      ElementsAre("guardrail.retention block"));
}

TEST(ExistingTopic, KafkasOwnTopicsAreNobodysToChange) {
  auto own = live(50, 3);
  own.internal = true;
  const auto plan = planned(batch("prod", {deletion("__consumer_offsets")}),
                            cluster({{"__consumer_offsets", own}}));
  EXPECT_THAT(rules_of(plan), ElementsAre("naming.pattern warn", "naming.reserved block"));
}

// --- severities and exemptions ----------------------------------------------------------------

TEST(Severity, IsThatOfTheEnvironment) {
  auto policies = seed_policies();
  policies.rules = {naming_pattern(
      {{}, {Severity::kBlock, {{EnvironmentName("dev"), Severity::kObserve}}}},
      [](std::string_view) { return false; }, "never")};
  EXPECT_THAT(rules_of(planned(batch("dev", {item("dev.x")}), cluster(), policies)),
              ElementsAre("naming.pattern observe"));
  EXPECT_THAT(rules_of(planned(batch("stg", {item("stg.x")}), cluster(), policies)),
              ElementsAre("naming.pattern block"));
}

PolicySet with_exemption(std::vector<std::string> rules, std::optional<TimePoint> expires = {}) {
  auto policies = seed_policies();
  policies.exemptions = {
      {"own", std::move(rules), {"domain.*", "*.dlq"}, "team", "because", expires}};
  return policies;
}

TEST(Exemption, CoversItsRulesAndTopicsOnly) {
  const auto policies = with_exemption({"naming.pattern"});
  const auto plan = planned(batch("stg", {sound("domain.x"), sound("orders.dlq"), sound("orders")}),
                            cluster(), policies);
  ASSERT_THAT(rules_of(plan), ElementsAre("naming.pattern block"));
  EXPECT_EQ(plan.violations[0].name.str(), "orders");
}

TEST(Exemption, OfADefaultsRuleIsOneOfTheDefault) {
  const auto policies = with_exemption({"naming.pattern", "guardrail.compression"});
  const auto plan = planned(batch("stg", {sound("domain.x")}), cluster(), policies);
  EXPECT_FALSE(plan.items[0].intended.set.contains("compression.type"));
  EXPECT_THAT(plan.violations, IsEmpty());
}

// No exemption makes acks=all work with more in-sync replicas than there are replicas.
TEST(Exemption, OfABoundIsNoneFromWhatKafkaCannotDo) {
  const auto policies = with_exemption({"naming.pattern", "guardrail.min-insync-replicas"});
  const auto plan = planned(batch("stg", {sound("domain.x", {{"min.insync.replicas", "99"}})}), cluster(), policies);
  EXPECT_THAT(rules_of(plan), ElementsAre("guardrail.min-insync-replicas block"));
}

TEST(Exemption, EndsWhenItExpires) {
  const auto one_ms = std::chrono::milliseconds(1);
  EXPECT_THAT(rules_of(planned(batch("stg", {sound("domain.x")}), cluster(),
                               with_exemption({"naming.pattern"}, kNow + one_ms))),
              IsEmpty());
  EXPECT_THAT(rules_of(planned(batch("stg", {sound("domain.x")}), cluster(),
                               with_exemption({"naming.pattern"}, kNow))),
              ElementsAre("naming.pattern block"));
}

}  // namespace
}  // namespace sluice::governance::domain
