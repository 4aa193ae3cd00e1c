// The plan of one batch against one state, bullet by bullet of what "exact" means.
#include "governance/domain/plan/planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "governance/domain/plan/plan_test_support.h"

namespace sluice::governance::domain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kName = "stg.orders";

// The plan of one item on a topic that has `own` configs.
PlannedItem against(TopicItem asked, const LiveTopic& topic) {
  return planned(batch("stg", {std::move(asked)}), cluster({{kName, topic}})).items.at(0);
}

// --- equal in meaning is no change ------------------------------------------------------------

struct NoChangeCase {
  const char* why;
  std::map<std::string, std::string> own;
  Configs asked;
};
class NoChange : public testing::TestWithParam<NoChangeCase> {};
TEST_P(NoChange, WhenEqualInMeaning) {
  const auto planned_item = against(item(kName, 3, GetParam().asked), live(3, 3, GetParam().own));
  EXPECT_EQ(planned_item.action, PlannedAction::kNone) << GetParam().why;
  EXPECT_THAT(diffs_of(planned_item), IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(
    Exactness, NoChange,
    testing::Values(
        NoChangeCase{"list order",
                     {{"cleanup.policy", "delete,compact"}},
                     {{"cleanup.policy", "compact,delete"}}},
        NoChangeCase{"unit", {{"retention.ms", "86400000"}}, {{"retention.ms", "1d"}}},
        NoChangeCase{"broker default while unset", {}, {{"retention.ms", "7d"}}},
        NoChangeCase{"unset what is not set", {}, {{"retention.ms", std::nullopt}}},
        NoChangeCase{"nothing asked", {{"retention.ms", "1"}}, {}},
        NoChangeCase{"policy default is for new topics only", {{"compression.type", "gzip"}}, {}}));

TEST(Exactness, ABrokerDefaultIsNeverAnOverride) {
  // Kafka 4 reports its cluster-wide min.insync.replicas on every topic.
  auto topic = live(3, 3);
  topic.configs["min.insync.replicas"] = {"2", ValueSource::kBroker, {}};
  EXPECT_EQ(against(item(kName, {}, {{"min.insync.replicas", std::nullopt}}), topic).action,
            PlannedAction::kNone);
}

TEST(Exactness, ShowsOldNewAndSourceOfEachValue) {
  const auto planned_item = against(
      item(kName, 12,
           {{"retention.ms", "1d"}, {"max.message.bytes", std::nullopt}, {"segment.ms", "1h"}}),
      live(8, 3, {{"retention.ms", "5000"}, {"max.message.bytes", "50"}}));
  EXPECT_EQ(planned_item.action, PlannedAction::kAlter);
  EXPECT_THAT(diffs_of(planned_item),
              ElementsAre("partitions: 8→12", "max.message.bytes: 50 → (broker default 1048588)",
                          "retention.ms: 5000→86400000",
                          "segment.ms: (broker default 604800000) → 3600000"));
  EXPECT_EQ(planned_item.diffs[1], (FieldDiff{"max.message.bytes", "50", ValueSource::kTopic,
                                              "1048588", ValueSource::kBroker}));
  EXPECT_THAT(planned_item.intended.set, ElementsAre(std::pair("retention.ms", "86400000"),
                                                     std::pair("segment.ms", "3600000")));
  EXPECT_THAT(planned_item.intended.unset, ElementsAre("max.message.bytes"));
  EXPECT_EQ(planned_item.intended.partitions, 12);
}

TEST(Exactness, PolicyDefaultsFillAbsentKeysOnCreate) {
  const auto plan = planned(batch("stg", {item(kName, 3, {{"retention.ms", "1d"}})}), cluster());
  EXPECT_EQ(plan.items[0].action, PlannedAction::kCreate);
  EXPECT_THAT(diffs_of(plan.items[0]),
              ElementsAre("partitions: 3", "replicationFactor: (broker default 3)",
                          "compression.type: zstd (policy default)", "retention.ms: 86400000"));
  EXPECT_EQ(plan.items[0].intended.set.at("compression.type"), "zstd");
  EXPECT_THAT(plan.violations, IsEmpty());
}

TEST(Exactness, AnExplicitValueBeatsThePolicyDefaultAndIsToldSo) {
  const auto plan =
      planned(batch("stg", {item(kName, 3, {{"compression.type", "gzip"}})}), cluster());
  EXPECT_EQ(plan.items[0].intended.set.at("compression.type"), "gzip");
  EXPECT_THAT(rules_of(plan), ElementsAre("guardrail.compression warn"));
}

TEST(Exactness, AnUnmetDefaultOfAnExistingTopicWarnsAndPlansNothing) {
  const auto plan = planned(batch("stg", {item(kName)}), cluster({{kName, live(3, 3)}}));
  EXPECT_FALSE(plan.has_changes());
  EXPECT_THAT(rules_of(plan), ElementsAre("guardrail.compression warn"));
}

// --- partitions and replication ---------------------------------------------------------------

TEST(Exactness, FewerPartitionsIsAViolationNeverARecreate) {
  const auto plan = planned(batch("stg", {item(kName, 4)}),
                            cluster({{kName, live(8, 3, {{"compression.type", "zstd"}})}}));
  EXPECT_EQ(plan.items[0].action, PlannedAction::kAlter);
  EXPECT_THAT(diffs_of(plan.items[0]), ElementsAre("partitions: 8→4"));
  EXPECT_THAT(rules_of(plan), ElementsAre("partitions.decrease block"));
  EXPECT_TRUE(plan.is_blocked());
}

struct KeyedCase {
  const char* why;
  std::string policy_before;
  std::optional<std::string> policy_asked;
  std::vector<std::string> tags;
  bool warns;
};
class KeyedIncrease : public testing::TestWithParam<KeyedCase> {};
TEST_P(KeyedIncrease, WarnsAndNamesTheGroups) {
  const auto& row = GetParam();
  auto asked = item(kName, 12);
  if (row.policy_asked) asked.configs["cleanup.policy"] = row.policy_asked;
  asked.metadata.tags = row.tags;
  auto state = cluster(
      {{kName, live(8, 3, {{"compression.type", "zstd"}, {"cleanup.policy", row.policy_before}})}});
  state.groups[TopicName(kName)] = {{"orders-svc", "Stable", 3}, {"billing", "Empty", 0}};
  const auto plan = planned(batch("stg", {asked}), state);
  if (!row.warns) {
    EXPECT_THAT(rules_of(plan), IsEmpty()) << row.why;
    return;
  }
  ASSERT_THAT(rules_of(plan), ElementsAre("partitions.keyed-increase warn")) << row.why;
  EXPECT_THAT(plan.violations[0].message, HasSubstr("consumer groups: billing, orders-svc"));
  EXPECT_THAT(topics_whose_groups_matter(plan), ElementsAre(TopicName(kName)));
  EXPECT_EQ(plan.items[0].groups.size(), 2U);
}
INSTANTIATE_TEST_SUITE_P(
    Exactness, KeyedIncrease,
    testing::Values(KeyedCase{"compacted", "compact", {}, {}, true},
                    KeyedCase{"compacted and deleted", "compact,delete", {}, {}, true},
                    KeyedCase{"becomes compacted", "delete", "compact", {}, true},
                    KeyedCase{"was compacted", "compact", "delete", {}, true},
                    KeyedCase{"tagged as keyed", "delete", {}, {"pii", "keyed"}, true},
                    KeyedCase{"nothing known of keys", "delete", {}, {"pii"}, false}));

TEST(Exactness, AReplicationFactorChangeIsShownAsWhatItIs) {
  auto asked = item(kName);
  asked.replication_factor = 3;
  const auto planned_item = against(asked, live(8, 2));
  EXPECT_THAT(diffs_of(planned_item), ElementsAre("replicationFactor: 2→3"));
  EXPECT_THAT(planned_item.note, HasSubstr("reassignment"));
}

TEST(Exactness, AReplicationFactorAboveTheBrokersIsFoundOnAltersToo) {
  auto asked = item(kName);
  asked.replication_factor = 4;
  const auto plan = planned(batch("stg", {asked}),
                            cluster({{kName, live(8, 3, {{"compression.type", "zstd"}})}}));
  EXPECT_THAT(rules_of(plan), ElementsAre("broker.rejected block"));
  EXPECT_THAT(plan.violations[0].message, HasSubstr("only 3 broker(s) are registered"));
}

// They are the apply's own while replicas move: what the plan says of them would not be there in the end.
TEST(Exactness, ThrottleMarksAndReplicasAreTwoChanges) {
  constexpr const char* kMark = "leader.replication.throttled.replicas";
  const auto refused = [&](std::int32_t factor, const Configs& asks, const std::map<std::string, std::string>& own) {
    auto asked = item(kName, {}, asks);
    asked.replication_factor = factor;
    const auto plan = planned(batch("dev", {asked}), cluster({{kName, live(8, 2, own)}}));
    return std::any_of(plan.violations.begin(), plan.violations.end(),
                       [](const Violation& found) { return found.field == kMark; });
  };
  EXPECT_TRUE(refused(3, {{kMark, "*"}}, {}));
  EXPECT_TRUE(refused(3, {{kMark, "0:1"}}, {}));
  EXPECT_TRUE(refused(3, {{kMark, std::nullopt}}, {{kMark, "*"}}));
  EXPECT_TRUE(refused(3, {}, {{kMark, "*"}}));
  EXPECT_TRUE(refused(3, {}, {{kMark, ""}}));
  EXPECT_FALSE(refused(3, {}, {{kMark, "0:1"}})) << "what somebody else has marked stays";
  EXPECT_FALSE(refused(3, {}, {}));
  EXPECT_FALSE(refused(2, {{kMark, "*"}}, {})) << "no replicas move";
}

// --- actions ----------------------------------------------------------------------------------

TEST(Exactness, AMissingTopicOnDeleteIsNoneWithANote) {
  const auto plan = planned(batch("prod", {deletion("prod.tmp.gone")}), cluster());
  EXPECT_EQ(plan.items[0].action, PlannedAction::kNone);
  EXPECT_THAT(plan.items[0].note, HasSubstr("does not exist"));
  EXPECT_THAT(plan.violations, IsEmpty());
}

struct ActionCase {
  ItemAction asked;
  bool exists;
  PlannedAction expected;
  std::vector<std::string> rules;
};
class Action : public testing::TestWithParam<ActionCase> {};
TEST_P(Action, DependsOnWhatIsThere) {
  const auto& row = GetParam();
  auto asked = with_action(
      item(kName, row.asked == ItemAction::kDelete ? std::nullopt : std::optional(12)), row.asked);
  auto state = cluster();
  if (row.exists) state = cluster({{kName, live(8, 3, {{"compression.type", "zstd"}})}});
  const auto plan = planned(batch("stg", {asked}), state);
  EXPECT_EQ(plan.items[0].action, row.expected);
  EXPECT_EQ(rules_of(plan), row.rules);
}
INSTANTIATE_TEST_SUITE_P(
    Exactness, Action,
    testing::Values(
        ActionCase{ItemAction::kUpsert, false, PlannedAction::kCreate, {}},
        ActionCase{ItemAction::kUpsert, true, PlannedAction::kAlter, {}},
        ActionCase{ItemAction::kCreate, false, PlannedAction::kCreate, {}},
        ActionCase{ItemAction::kCreate, true, PlannedAction::kNone, {"broker.rejected block"}},
        ActionCase{ItemAction::kUpdate, false, PlannedAction::kNone, {"broker.rejected block"}},
        ActionCase{ItemAction::kUpdate, true, PlannedAction::kAlter, {}},
        ActionCase{ItemAction::kDelete, false, PlannedAction::kNone, {}},
        ActionCase{ItemAction::kDelete, true, PlannedAction::kDelete, {}}));

TEST(Exactness, KeepsTheBatchsOrder) {
  const auto plan =
      planned(batch("prod", {item("prod.z", 1), deletion("prod.tmp.b"), item("prod.a", 1)}),
              cluster({{"prod.tmp.b", live(1, 3)}}));
  EXPECT_EQ(plan.items[0].name.str(), "prod.z");
  EXPECT_EQ(plan.items[2].name.str(), "prod.a");
  EXPECT_THAT(rules_of(plan),
              ElementsAre("guardrail.min-insync-replicas block", "forbid.prefix warn",
                          "guardrail.min-insync-replicas block"));
}

TEST(Exactness, RemovingAKeyThatTheBrokerDoesNotKnowIsNoSilentNothing) {
  const auto plan = planned(batch("stg", {item(kName, {}, {{"retention.mss", std::nullopt}})}),
                            cluster({{kName, live(8, 3, {{"compression.type", "zstd"}})}}));
  ASSERT_THAT(rules_of(plan), ElementsAre("broker.rejected block"));
  EXPECT_EQ(plan.violations[0].fix, "Did you mean retention.ms?");
}

// --- fingerprint ------------------------------------------------------------------------------

TEST(Fingerprint, HoldsWhatTheItemSetsAndWhatARuleRead) {
  const auto print = against(item(kName, 3, {{"segment.ms", "1h"}}), live(3, 3)).live;
  std::vector<std::string> keys;
  for (const auto& config : print.configs) keys.push_back(config.key);
  // stg has no retention guardrail; the rest is read by rules that hold everywhere.
  EXPECT_THAT(
      keys, ElementsAre("cleanup.policy", "compression.type", "min.insync.replicas", "segment.ms"));
  EXPECT_TRUE(print.exists);
  EXPECT_EQ(print.topic_id, "id-3");
}

TEST(Fingerprint, IgnoresWhatNeitherTheItemNorARuleLooksAt) {
  auto other = live(3, 3);
  other.configs["max.message.bytes"].value = "1";
  EXPECT_EQ(against(item(kName, 3), live(3, 3)).live, against(item(kName, 3), other).live);
  other.configs["cleanup.policy"].value = "compact";
  EXPECT_NE(against(item(kName, 3), live(3, 3)).live, against(item(kName, 3), other).live);
}

TEST(Fingerprint, OfANewTopicHoldsTheDefaultsThatRulesReliedOn) {
  const auto print = planned(batch("stg", {item(kName, 3)}), cluster()).items[0].live;
  EXPECT_FALSE(print.exists);
  EXPECT_THAT(print.configs,
              testing::Contains(LiveValue{"min.insync.replicas", "1", ValueSource::kBroker}));
}

}  // namespace
}  // namespace sluice::governance::domain
