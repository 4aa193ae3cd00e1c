// "Plan = truth" (M2, G29) on a real broker: many pairs, each with a dry-run of its own; what they ask for
// is then applied together, in one change. A failure prints its pairs; SLUICE_TEST_SEED repeats one.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "governance/infrastructure/kafka/kafka_topic_writer.h"
#include "governance/infrastructure/kafka_topic_cluster.h"
#include "platform/core/canonical_json.h"
#include "platform/kafka/admin.h"
#include "support/apply_world.h"
#include "support/migrated_database.h"
#include "support/plan_truth/any_pair.h"
#include "support/plan_truth/end_state.h"
#include "support/servers.h"

namespace sluice::test {
namespace {

namespace domain = governance::domain;

struct Setting {
  const char* name;
  const char* server;
  std::int32_t brokers;
  std::size_t pairs;
  bool moves_replicas;
};

Deadline soon() { return Deadline::after(std::chrono::seconds{60}); }

domain::PolicySet policies_with_a_default() {
  domain::PolicySet policies = ApplyWorld::some_policies();
  policies.defaults = {{"guardrail.compression", {}, "compression.type", "zstd"}};
  return policies;
}

class PlanTruthOnKafka : public testing::TestWithParam<Setting> {
 protected:
  ~PlanTruthOnKafka() override {
    std::vector<std::string> names;
    for (const Pair& pair : pairs_) {
      for (const auto& name : names_in(pair)) {
        if (domain::is_kafka_name(name.view())) names.push_back(name.str());
      }
    }
    (void)admin_->delete_topics(names, soon());
  }

  void make_pairs() {
    const std::uint64_t first = test_seed();
    const bool alone = std::getenv("SLUICE_TEST_SEED") != nullptr;
    RecordProperty("seed", std::to_string(first));
    for (std::size_t i = 0; i < (alone ? 1 : GetParam().pairs); ++i) {
      pairs_.push_back(any_pair(first + i, {.prefix = fmt::format("dev.pt{}.{}.", run_, i),
                                            .brokers = GetParam().brokers,
                                            .changes_replication = GetParam().moves_replicas}));
    }
  }

  void make_what_is_there() {
    std::vector<domain::CreateProbe> probes;
    std::vector<std::pair<domain::TopicName, bool>> expected;
    for (const Pair& pair : pairs_) {
      for (const auto& topic : pair.there) {
        probes.push_back(topic);
        expected.emplace_back(topic.name, true);
      }
    }
    for (const auto& result : writer_.create(probes, soon())) {
      ASSERT_EQ(result.outcome, domain::CallOutcome::kDone) << result.words;
    }
    ASSERT_TRUE(cluster_.await_existence(expected, soon()).value_or(false));
  }

  // Of all pairs in one read; each then takes what is its own.
  domain::ClusterState read() {
    std::vector<domain::TopicName> names;
    for (const Pair& pair : pairs_) {
      for (const auto& name : names_in(pair)) names.push_back(name);
    }
    auto state = cluster_.read(names, soon());
    EXPECT_TRUE(state) << state.error().describe();
    return state ? *state : domain::ClusterState{};
  }
  static domain::ClusterState own(const Pair& pair, const domain::ClusterState& all) {
    domain::ClusterState state = all;
    state.topics.clear();
    for (const auto& name : names_in(pair)) {
      if (const auto found = all.topics.find(name); found != all.topics.end()) state.topics.insert(*found);
    }
    return state;
  }

  metrics::Registry metrics_;
  std::unique_ptr<kafka::Admin> admin_ =
      kafka::Admin::open({.properties = {{"bootstrap.servers", test_server(GetParam().server)}},
                          .role = "test",
                          .metrics = metrics_})
          .value();
  governance::infrastructure::KafkaTopicCluster cluster_{*admin_, {}};
  governance::infrastructure::KafkaTopicWriter writer_{*admin_, {}};
  MigratedDatabase<sql::Dialect::kSqlite> database_;
  ApplyWorld world_{database_.database(), cluster_, writer_, policies_with_a_default()};
  const std::string run_ = random_hex(3);
  std::vector<Pair> pairs_;
};

TEST_P(PlanTruthOnKafka, TheDiffsSayWhatWillBeThere) {
  make_pairs();
  ASSERT_NO_FATAL_FAILURE(make_what_is_there());
  const domain::ClusterState before = read();

  std::vector<domain::TopicItem> asked;
  std::vector<std::string> predictions;
  std::size_t moves = 0;
  for (const Pair& pair : pairs_) {
    const auto plan = world_.planner().plan(pair.batch, soon());
    ASSERT_TRUE(plan) << plan.error().describe() << "\n" << describe(pair);
    predictions.push_back(canonical_json(predicted(*plan, own(pair, before))));
    if (plan->is_blocked()) continue;
    asked.insert(asked.end(), pair.batch.items.begin(), pair.batch.items.end());
    for (const auto& item : plan->items) moves += item.moves.assignment.empty() ? 0 : 1;
  }
  const auto approved = world_.approve("pt-" + run_, asked);
  const auto execution = world_.apply(approved);
  ASSERT_TRUE(execution) << execution.error().describe();
  EXPECT_EQ(execution->state, domain::ExecutionState::kApplied) << told(*execution);
  const auto sent = writer_.mutating_requests();
  ASSERT_TRUE(world_.apply(approved));
  EXPECT_EQ(writer_.mutating_requests(), sent) << "applied again, nothing is sent";

  // Reads lag writes: look until every pair is as predicted.
  std::vector<std::string> wrong;
  for (const Deadline deadline = soon(); !deadline.expired();) {
    wrong.clear();
    const domain::ClusterState now = read();
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const Json actual = end_state(own(pairs_[i], now));
      if (canonical_json(actual) == predictions[i]) continue;
      wrong.push_back(differences(Json::parse(predictions[i]), actual) + describe(pairs_[i]));
    }
    if (wrong.empty()) break;
  }
  EXPECT_EQ(wrong, std::vector<std::string>{});

  for (const Pair& pair : pairs_) {
    const auto again = world_.planner().plan(pair.batch, soon());
    ASSERT_TRUE(again) << again.error().describe();
    EXPECT_FALSE(again->has_changes() && !again->is_blocked()) << "planned again, it would change\n" << describe(pair);
  }
  if (pairs_.size() < GetParam().pairs) return;
  EXPECT_GT(asked.size(), GetParam().pairs);
  if (GetParam().moves_replicas) {
    EXPECT_GT(moves, GetParam().pairs / 15);
  }
}
INSTANTIATE_TEST_SUITE_P(On, PlanTruthOnKafka,
                         testing::Values(Setting{"OneBroker", "SLUICE_TEST_KAFKA", 1, 320, false},
                                         Setting{"ThreeBrokers", "SLUICE_TEST_KAFKA3", 3, 90, true}),
                         [](const auto& given) { return given.param.name; });

}  // namespace
}  // namespace sluice::test
