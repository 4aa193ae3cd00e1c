// What is left to do, for every action and every way in which the world can have moved (G25, S07).
#include "governance/domain/apply/decide.h"

#include <functional>

#include <gtest/gtest.h>

#include "governance/domain/apply/execution.h"
#include "governance/domain/plan/plan_test_support.h"

namespace sluice::governance::domain {
namespace {

using ChangeWorld = std::function<void(ClusterState&)>;

const TopicName kName{"dev.orders"};

ClusterState with_topic(std::int32_t partitions = 2) {
  return cluster({{"dev.orders", live(partitions, 3, {{"retention.ms", "3600000"}, {"compression.type", "zstd"}})}});
}

LiveTopic& topic(ClusterState& state) { return state.topics.at(kName); }

// "done", "create", "grow 4 set retention.ms=86400000 unset compression.type", "stale partitions: 2, found 3".
std::string told(const WorkLeft& decision) {
  if (std::holds_alternative<NothingLeft>(decision)) return "done";
  if (const auto* stale = std::get_if<StaleField>(&decision)) {
    return "stale " + stale->field + ": " + stale->expected + ", found " + stale->found;
  }
  const auto& calls = std::get<CallsLeft>(decision);
  std::string text;
  const auto add = [&](const std::string& word) { text += (text.empty() ? "" : " ") + word; };
  if (calls.create) add("create");
  if (calls.grow_to) add("grow " + std::to_string(*calls.grow_to));
  for (const auto& [key, value] : calls.set) add("set " + key + "=" + value);
  for (const auto& key : calls.unset) add("unset " + key);
  if (calls.move_replicas) add("move");
  if (calls.remove) add("remove");
  return text;
}

struct Case {
  const char* label;
  ChangeWorld world;
  const char* first;
  const char* again;
};

void nothing(ClusterState&) {}
void recreated(ClusterState& state) { topic(state).topic_id = "another"; }
void gone(ClusterState& state) { state.topics.erase(kName); }
ChangeWorld partitions(std::int32_t count) {
  return [count](ClusterState& state) { topic(state).partitions = count; };
}
ChangeWorld config(std::string key, std::string value, ValueSource source = ValueSource::kTopic) {
  return [key = std::move(key), value = std::move(value), source](ClusterState& state) {
    topic(state).configs[key] = {value, source, {}};
  };
}
ChangeWorld both(ChangeWorld a, ChangeWorld b) {
  return [a = std::move(a), b = std::move(b)](ClusterState& state) {
    a(state);
    b(state);
  };
}

class Deciding : public testing::TestWithParam<Case> {
 protected:
  static void expect(const PlannedItem& item, ClusterState state) {
    GetParam().world(state);
    EXPECT_EQ(told(decide(item, state, Attempt::kFirst)), GetParam().first);
    EXPECT_EQ(told(decide(item, state, Attempt::kAgain)), GetParam().again);
  }
};
std::string label(const testing::TestParamInfo<Case>& tested) { return tested.param.label; }

// Partitions 2→4, retention.ms set, compression.type unset; max.message.bytes and the rules' keys only read.
class Altering : public Deciding {};
TEST_P(Altering, ComparesEachFieldWithItsStateBeforeAndAfter) {
  const auto plan = planned(batch("dev", {item("dev.orders", 4, {{"retention.ms", "1d"}, {"compression.type", {}}})}),
                            with_topic());
  ASSERT_EQ(plan.items[0].action, PlannedAction::kAlter);
  expect(plan.items[0], with_topic());
}
const auto kAllDone = both(partitions(4), both(config("retention.ms", "86400000"),
                                               config("compression.type", "producer", ValueSource::kBroker)));
INSTANTIATE_TEST_SUITE_P(
    Worlds, Altering,
    testing::Values(
        Case{"untouched", nothing, "grow 4 set retention.ms=86400000 unset compression.type",
             "grow 4 set retention.ms=86400000 unset compression.type"},
        Case{"grown", partitions(4), "stale partitions: 2, found 4",
             "set retention.ms=86400000 unset compression.type"},
        Case{"set", config("retention.ms", "86400000"),
             "stale retention.ms: 3600000 (topic), found 86400000 (topic)", "grow 4 unset compression.type"},
        Case{"unset", config("compression.type", "producer", ValueSource::kBroker),
             "stale compression.type: zstd (topic), found producer (broker)", "grow 4 set retention.ms=86400000"},
        Case{"all_done", kAllDone, "stale partitions: 2, found 4", "done"},
        Case{"grown_by_another", partitions(3), "stale partitions: 2, found 3", "stale partitions: 2, found 3"},
        Case{"set_by_another", config("retention.ms", "7200000"),
             "stale retention.ms: 3600000 (topic), found 7200000 (topic)",
             "stale retention.ms: 3600000 (topic), found 7200000 (topic)"},
        // The value is the wanted one, but nobody set it on the topic: it would move with the broker's default.
        Case{"wanted_value_from_the_broker", config("retention.ms", "86400000", ValueSource::kBroker),
             "stale retention.ms: 3600000 (topic), found 86400000 (broker)",
             "stale retention.ms: 3600000 (topic), found 86400000 (broker)"},
        Case{"what_a_rule_read", config("min.insync.replicas", "2"),
             "stale min.insync.replicas: 1 (broker), found 2 (topic)",
             "stale min.insync.replicas: 1 (broker), found 2 (topic)"},
        Case{"unrelated_key", config("segment.ms", "1"), "grow 4 set retention.ms=86400000 unset compression.type",
             "grow 4 set retention.ms=86400000 unset compression.type"},
        Case{"done_and_then_recreated", both(kAllDone, recreated), "stale topicId: id-2, found another",
             "stale topicId: id-2, found another"},
        Case{"gone", gone, "stale exists: id-2, found absent", "stale exists: id-2, found absent"},
        Case{"other_replicas", [](ClusterState& state) { topic(state).replication_factor = 1; },
             "stale replicationFactor: 3, found 1", "stale replicationFactor: 3, found 1"}),
    label);

class Creating : public Deciding {};
TEST_P(Creating, IsDoneWhenTheTopicIsThereAsIntended) {
  const auto plan = planned(batch("dev", {item("dev.orders", 4, {{"retention.ms", "1d"}})}), cluster());
  ASSERT_EQ(plan.items[0].action, PlannedAction::kCreate);
  expect(plan.items[0], cluster());
}
ChangeWorld made(std::int32_t partitions, std::map<std::string, std::string> configs, std::int32_t replicas = 3) {
  return [=](ClusterState& state) { state.topics[kName] = live(partitions, replicas, configs); };
}
INSTANTIATE_TEST_SUITE_P(
    Worlds, Creating,
    testing::Values(
        Case{"absent", nothing, "create", "create"},
        Case{"ours", made(4, {{"retention.ms", "86400000"}, {"compression.type", "zstd"}}),
             "stale exists: absent, found id-4", "done"},
        Case{"other_partitions", made(3, {{"retention.ms", "86400000"}, {"compression.type", "zstd"}}),
             "stale exists: absent, found id-3", "stale partitions: 4, found 3"},
        Case{"other_config", made(4, {{"retention.ms", "1"}, {"compression.type", "zstd"}}),
             "stale exists: absent, found id-4", "stale retention.ms: 86400000, found 1"},
        Case{"without_the_policys_default", made(4, {{"retention.ms", "86400000"}}),
             "stale exists: absent, found id-4", "stale compression.type: zstd, found producer"},
        // Nobody said how many replicas: whatever the broker chose is as approved.
        Case{"replicas_of_the_broker", made(4, {{"retention.ms", "86400000"}, {"compression.type", "zstd"}}, 1),
             "stale exists: absent, found id-4", "done"},
        Case{"other_broker_default", [](ClusterState& state) { state.default_replication_factor = 1; },
             "stale defaultReplicationFactor: 3, found 1", "stale defaultReplicationFactor: 3, found 1"},
        Case{"other_default_that_a_rule_read",
             [](ClusterState& state) { state.defaults["min.insync.replicas"] = "2"; },
             "stale min.insync.replicas: 1 (broker), found 2 (broker)",
             "stale min.insync.replicas: 1 (broker), found 2 (broker)"}),
    label);

class Deleting : public Deciding {};
TEST_P(Deleting, IsDoneWhenTheTopicIsGone) {
  const auto plan = planned(batch("dev", {deletion("dev.orders")}), with_topic());
  ASSERT_EQ(plan.items[0].action, PlannedAction::kDelete);
  expect(plan.items[0], with_topic());
}
INSTANTIATE_TEST_SUITE_P(
    Worlds, Deleting,
    testing::Values(Case{"untouched", nothing, "remove", "remove"},
                    Case{"gone", gone, "stale exists: id-2, found absent", "done"},
                    Case{"recreated", recreated, "stale topicId: id-2, found another",
                         "stale topicId: id-2, found another"},
                    Case{"grown", partitions(3), "stale partitions: 2, found 3", "stale partitions: 2, found 3"},
                    Case{"config_changed", config("retention.ms", "1"), "remove", "remove"}),
    label);

class LeavingAlone : public Deciding {};
TEST_P(LeavingAlone, HoldsOnlyWhileNothingMoves) {
  const auto plan = planned(batch("dev", {item("dev.orders", 2, {{"retention.ms", "1h"}})}), with_topic());
  ASSERT_EQ(plan.items[0].action, PlannedAction::kNone);
  expect(plan.items[0], with_topic());
}
INSTANTIATE_TEST_SUITE_P(
    Worlds, LeavingAlone,
    testing::Values(Case{"untouched", nothing, "done", "done"},
                    Case{"set", config("retention.ms", "1"), "stale retention.ms: 3600000 (topic), found 1 (topic)",
                         "stale retention.ms: 3600000 (topic), found 1 (topic)"},
                    Case{"gone", gone, "stale exists: id-2, found absent", "stale exists: id-2, found absent"}),
    label);

TEST(Decide, MovesReplicasWhereTheirNumberChanges) {
  auto asked = item("dev.orders");
  asked.replication_factor = 2;
  const auto plan = planned(batch("dev", {asked}), with_topic());
  EXPECT_EQ(told(decide(plan.items[0], with_topic(), Attempt::kFirst)), "move");
  auto moved = with_topic();
  topic(moved).replication_factor = 2;
  EXPECT_EQ(told(decide(plan.items[0], moved, Attempt::kAgain)), "done");
}

// Sending what decide() asks for, and deciding again, leaves nothing: from every state in between.
TEST(Decide, AgreesWithItselfAfterEverySubsetOfItsCalls) {
  const auto plan = planned(
      batch("dev", {item("dev.orders", 4, {{"retention.ms", "1d"}, {"compression.type", {}}, {"segment.ms", "1h"}})}),
      with_topic());
  for (unsigned subset = 0; subset < 16; ++subset) {
    auto state = with_topic();
    if (subset & 1u) partitions(4)(state);
    if (subset & 2u) config("retention.ms", "86400000")(state);
    if (subset & 4u) config("compression.type", "producer", ValueSource::kBroker)(state);
    if (subset & 8u) config("segment.ms", "3600000")(state);
    const auto left = decide(plan.items[0], state, Attempt::kAgain);
    ASSERT_FALSE(std::holds_alternative<StaleField>(left)) << subset << told(left);
    if (const auto* calls = std::get_if<CallsLeft>(&left)) {
      EXPECT_EQ(calls->grow_to.has_value(), (subset & 1u) == 0);
      if (calls->grow_to) partitions(*calls->grow_to)(state);
      for (const auto& [key, value] : calls->set) config(key, value)(state);
      for (const auto& key : calls->unset) config(key, broker_defaults()[key], ValueSource::kBroker)(state);
    }
    EXPECT_EQ(told(decide(plan.items[0], state, Attempt::kAgain)), "done") << subset;
  }
}

ExecutionItem ended(PlannedAction action, ItemState state, bool retryable = false) {
  ExecutionItem item;
  item.action = action;
  item.outcome = {state, "", "", retryable, ""};
  return item;
}

TEST(EndState, IsPartialOnlyWhenSomethingWasAchieved) {
  using enum ItemState;
  const auto create = PlannedAction::kCreate;
  const auto none = PlannedAction::kNone;
  EXPECT_EQ(end_state({}), ExecutionState::kApplied);
  EXPECT_EQ(end_state({ended(create, kDone), ended(none, kDone)}), ExecutionState::kApplied);
  EXPECT_EQ(end_state({ended(create, kDone), ended(create, kStale)}), ExecutionState::kPartial);
  EXPECT_EQ(end_state({ended(none, kDone), ended(create, kFailed)}), ExecutionState::kFailed);
  EXPECT_EQ(end_state({ended(create, kUnknown)}), ExecutionState::kFailed);
}

TEST(CanResume, WhereAnItemIsOpen) {
  using enum ItemState;
  Execution execution;
  execution.state = ExecutionState::kPartial;
  const auto resumable = [&](ItemState state, bool retryable) {
    execution.items = {ended(PlannedAction::kCreate, state, retryable)};
    return can_resume(execution);
  };
  EXPECT_TRUE(resumable(kPending, false));
  EXPECT_TRUE(resumable(kIntent, false));
  EXPECT_TRUE(resumable(kUnknown, true));
  EXPECT_TRUE(resumable(kFailed, true));
  EXPECT_FALSE(resumable(kFailed, false));
  EXPECT_FALSE(resumable(kStale, true));
  EXPECT_FALSE(resumable(kDone, true));
  execution.state = ExecutionState::kRunning;
  EXPECT_TRUE(resumable(kDone, false));
}

}  // namespace
}  // namespace sluice::governance::domain
