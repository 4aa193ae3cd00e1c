// Random states and batches. A failure prints its seed; SLUICE_TEST_SEED repeats it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "governance/domain/topic/config_value.h"
#include "governance/domain/plan/plan_test_support.h"

namespace sluice::governance::domain {
namespace {

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }

  TopicItem any_item(std::size_t index) {
    static constexpr std::array kActions{ItemAction::kUpsert, ItemAction::kUpsert,
                                         ItemAction::kDelete};
    auto result =
        with_action(item("stg.topic-" + std::to_string(index)), kActions[below(kActions.size())]);
    if (result.action == ItemAction::kDelete) return result;
    if (below(2)) result.partitions = static_cast<std::int32_t>(below(20) + 8);
    if (below(3) == 0) result.replication_factor = static_cast<std::int32_t>(below(3) + 1);
    for (std::size_t i = below(6); i > 0; --i) {
      result.configs[key()] = below(4) == 0 ? std::nullopt : std::optional(spelling());
    }
    return result;
  }

  LiveTopic any_topic() {
    std::map<std::string, std::string> own;
    for (std::size_t i = below(5); i > 0; --i) own[key()] = spelling();
    return live(static_cast<std::int32_t>(below(8) + 1), static_cast<std::int32_t>(below(3) + 1),
                own);
  }

 private:
  std::string key() {
    static const std::vector<std::string> keys{
        "cleanup.policy", "retention.ms", "max.message.bytes", "segment.ms", "compression.type"};
    return keys[below(keys.size())];
  }
  std::string spelling() {
    static const std::vector<std::string> spellings{
        "604800000", "7d",   "1048588",  "compact,delete", "delete, compact",
        "delete",    "zstd", "producer", "1MiB",           "abc",
        " 5 "};
    return spellings[below(spellings.size())];
  }

  std::mt19937_64 random_;
};

// What Kafka does with a plan, told independently of the planner.
void apply(const Plan& plan, ClusterState& state) {
  for (const auto& planned_item : plan.items) {
    if (planned_item.action == PlannedAction::kDelete) state.topics.erase(planned_item.name);
    if (planned_item.action == PlannedAction::kNone ||
        planned_item.action == PlannedAction::kDelete)
      continue;
    auto& topic = state.topics[planned_item.name];
    if (planned_item.action == PlannedAction::kCreate) topic = live(1, 1);
    topic.partitions = planned_item.intended.partitions.value_or(*state.default_partitions);
    topic.replication_factor =
        planned_item.intended.replication_factor.value_or(*state.default_replication_factor);
    for (const auto& [key, value] : planned_item.intended.set) {
      topic.configs[key] = {value, ValueSource::kTopic, state.defaults.at(key)};
    }
    for (const auto& key : planned_item.intended.unset) {
      topic.configs[key] = {state.defaults.at(key), ValueSource::kBroker, {}};
    }
  }
}

class PlanProperty : public testing::Test {
 protected:
  PlanProperty() {
    const char* given = std::getenv("SLUICE_TEST_SEED");
    seed_ = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    RecordProperty("seed", std::to_string(seed_));
  }
  std::uint64_t seed_ = 0;
};

TEST_F(PlanProperty, APlanAppliedLeavesNothingToPlan) {
  SCOPED_TRACE(testing::Message() << "SLUICE_TEST_SEED=" << seed_);
  Generator any(seed_);
  const auto policies = seed_policies();
  for (int round = 0; round < 2000; ++round) {
    auto state = cluster();
    std::vector<TopicItem> items;
    for (std::size_t i = 0; i < 5; ++i) {
      items.push_back(any.any_item(i));
      if (any.below(2)) state.topics.emplace(items.back().name, any.any_topic());
    }
    const auto asked = batch("stg", items);
    apply(make_plan(asked, state, policies, kNow), state);
    const auto again = make_plan(asked, state, policies, kNow);
    ASSERT_FALSE(again.has_changes()) << "round " << round;
  }
}

TEST_F(PlanProperty, TheSameInputGivesTheSamePlan) {
  SCOPED_TRACE(testing::Message() << "SLUICE_TEST_SEED=" << seed_);
  Generator any(seed_);
  const auto policies = seed_policies();
  for (int round = 0; round < 200; ++round) {
    auto asked = batch("stg", {any.any_item(0), any.any_item(1)});
    auto state = cluster();
    if (any.below(2)) state.topics.emplace(asked.items[0].name, any.any_topic());
    const auto first = make_plan(asked, state, policies, kNow);
    // The same keys, put in in the opposite order.
    for (auto& one : asked.items) one.configs = Configs(one.configs.rbegin(), one.configs.rend());
    const auto second = make_plan(asked, state, policies, kNow);
    for (std::size_t i = 0; i < first.items.size(); ++i) {
      ASSERT_EQ(first.items[i].diffs, second.items[i].diffs);
      ASSERT_EQ(first.items[i].live, second.items[i].live);
    }
    ASSERT_EQ(first.violations, second.violations);
  }
}

}  // namespace
}  // namespace sluice::governance::domain
