// "Plan = truth" (M2, G29) through the whole apply: planned and kept, then journalled and executed against
// the model, which reads late and loses requests and answers; what is left open is applied again. A failure
// prints its pair; SLUICE_TEST_SEED repeats it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "platform/core/canonical_json.h"
#include "support/apply_world.h"
#include "support/migrated_database.h"
#include "support/model_cluster.h"
#include "support/plan_truth/any_pair.h"
#include "support/plan_truth/end_state.h"

namespace sluice::test {
namespace {

namespace domain = governance::domain;

constexpr int kPairs = 10'000;
constexpr std::int32_t kBrokers = 3;

class ExecutedPlans : public testing::Test {
 protected:
  ExecutedPlans() { world_.options().move_poll = std::chrono::milliseconds{0}; }

  // Each trial has topics and a change of its own, so that all share one cluster and one database.
  Pair fresh(Pair pair) {
    const std::string prefix = fmt::format("dev.n{}.", ++trials_);
    const auto renamed = [&](const domain::TopicName& name) {
      return domain::TopicName{prefix + name.str().substr(pair.batch.change_id.view().find("change"))};
    };
    for (auto& topic : pair.there) topic.name = renamed(topic.name);
    for (auto& item : pair.batch.items) item.name = renamed(item.name);
    pair.batch.change_id = domain::ChangeId{prefix + "change"};
    return pair;
  }
  domain::ClusterState read(const Pair& pair) {
    cluster_.set_read_lag(0);
    return cluster_.read(names_in(pair), ApplyWorld::soon()).value();
  }

  void lose_some_calls(std::uint64_t seed) {
    auto dice = std::make_shared<Dice>(seed);
    cluster_.inject([dice](ModelCall call, const domain::TopicName*) {
      static constexpr Fault kFaults[] = {Fault::kRefuse, Fault::kNotSent, Fault::kUnknownDone, Fault::kUnknownUndone};
      return is_mutating(call) && dice->one_in(3) ? dice->any_of(kFaults) : Fault::kNone;
    });
  }

  // What is wrong; empty: the property holds.
  std::string try_pair(const Pair& given) {
    const Pair pair = fresh(given);
    Dice dice(pair.seed);
    cluster_.create(pair.there, ApplyWorld::soon());
    const domain::ClusterState before = read(pair);
    const auto approved = world_.approve(pair.batch.change_id.str(), pair.batch.items);
    const domain::Plan plan = world_.planner().plan(pair.batch, ApplyWorld::soon()).value();
    const auto sent = cluster_.mutating_requests();
    if (dice.one_in(4)) cluster_.set_read_lag(1 + static_cast<int>(dice.below(3)));
    if (dice.one_in(4)) lose_some_calls(dice.below(1'000'000));
    cluster_.set_move_speed(static_cast<std::int64_t>(1 + dice.below(4)));
    // What was lost is never seen; what was not is, however slow the machine.
    world_.options().settle_deadline = std::chrono::milliseconds{15};
    auto execution = world_.apply(approved);
    cluster_.inject({});
    world_.options().settle_deadline = std::chrono::seconds{30};
    if (execution && execution->state != domain::ExecutionState::kApplied) {
      ++resumed_;
      execution = world_.apply(approved);
    }
    const Json expected = predicted(plan, before);
    if (plan.is_blocked()) {
      ++blocked_;
      if (execution) return "a blocked plan was applied";
      if (cluster_.mutating_requests() != sent) return "a blocked plan sent something";
    } else if (!execution) {
      return "not applied: " + execution.error().describe();
    } else if (execution->state != domain::ExecutionState::kApplied) {
      return "not applied: " + told(*execution);
    } else {
      ++applied_;
      if (moves_any(plan)) ++moved_;
    }
    return differences(expected, end_state(read(pair)));
  }

  static bool moves_any(const domain::Plan& plan) {
    return std::any_of(plan.items.begin(), plan.items.end(),
                       [](const domain::PlannedItem& item) { return !item.moves.assignment.empty(); });
  }

  MigratedDatabase<sql::Dialect::kSqlite> database_;
  ModelCluster cluster_{{.brokers = kBrokers, .defaults = {}}};
  ApplyWorld world_{database_.database(), cluster_, cluster_};
  int trials_ = 0;
  int applied_ = 0;
  int blocked_ = 0;
  int resumed_ = 0;
  int moved_ = 0;
};

TEST_F(ExecutedPlans, BringAboutWhatTheirDiffsSay) {
  const std::uint64_t first = test_seed();
  const bool alone = std::getenv("SLUICE_TEST_SEED") != nullptr;
  RecordProperty("seed", std::to_string(first));
  for (int i = 0; i < (alone ? 1 : kPairs); ++i) {
    const Pair pair = any_pair(first + static_cast<std::uint64_t>(i),
                               {.prefix = "dev.", .brokers = kBrokers, .changes_replication = true});
    const std::string failure = try_pair(pair);
    if (failure.empty()) continue;
    const Pair less = smallest(pair, [&](const Pair& tried) { return !try_pair(tried).empty(); });
    FAIL() << failure << "\nthe least that fails: " << try_pair(less) << "\n" << describe(less);
  }
  if (alone) return;
  EXPECT_GT(applied_, kPairs / 2);
  EXPECT_GT(blocked_, kPairs / 100);
  EXPECT_GT(resumed_, kPairs / 50);
  EXPECT_GT(moved_, kPairs / 20);
}

}  // namespace
}  // namespace sluice::test
