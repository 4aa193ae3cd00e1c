// A change of the replication factor through the journal: done when the replicas have arrived, not
// when the move has begun, and gone on with after a stop (X4, G16).
#include <gtest/gtest.h>

#include <algorithm>

#include "support/apply_world.h"
#include "support/migrated_database.h"
#include "support/model_cluster.h"

namespace sluice::test {
namespace {

using governance::domain::ExecutionState;
using governance::domain::TopicName;

class ApplyMoves : public testing::Test {
 protected:
  ApplyMoves() {
    cluster_.change([](model::Broker& broker) {
      broker.create({{TopicName{"dev.moved"}, 2, 1, {}}, {TopicName{"dev.plain"}, 1, 1, {}}}, model::ForReal::kYes);
    });
    world_.options().settle_deadline = std::chrono::milliseconds{300};
    world_.options().move_poll = std::chrono::milliseconds{1};
  }

  static governance::domain::TopicItem moved(std::int32_t factor, std::optional<std::int32_t> partitions = {}) {
    auto item = upsert("dev.moved", partitions);
    item.replication_factor = factor;
    return item;
  }
  std::vector<std::size_t> factors() {
    std::vector<std::size_t> found;
    const auto topics = cluster_.topics();
    for (const auto& partition : topics.at(TopicName{"dev.moved"}).partitions) {
      found.push_back(partition.moving_to.empty() ? partition.replicas.size() : 0);
    }
    return found;
  }
  std::int64_t sent(ModelCall call) {
    const auto items = cluster_.sent();
    return std::count_if(items.begin(), items.end(), [&](const SentItem& item) { return item.call == call; });
  }

  MigratedDatabase<sql::Dialect::kSqlite> database_;
  ModelCluster cluster_;
  ApplyWorld world_{database_.database(), cluster_, cluster_};
};

TEST_F(ApplyMoves, NewPartitionsGetTheNewFactor) {
  cluster_.set_move_speed(1);
  const auto execution = world_.apply(world_.approve("c1", {moved(3, 4)}));
  ASSERT_TRUE(execution) << execution.error().describe();
  EXPECT_EQ(told(*execution), "dev.moved DONE");
  EXPECT_EQ(factors(), std::vector<std::size_t>(4, 3));
  EXPECT_EQ(sent(ModelCall::kReassign), 2);
  ASSERT_TRUE(world_.apply(world_.approve("c2", {moved(2)})));
  EXPECT_EQ(factors(), std::vector<std::size_t>(4, 2));
}

// The reads show three replicas as soon as the move has begun.
TEST_F(ApplyMoves, StoppedOnTheWayIsGoneOnWith) {
  cluster_.set_move_speed(0);
  std::stop_source stop;
  cluster_.after_each_call([&](ModelCall call) {
    if (call == ModelCall::kMoves) stop.request_stop();
  });
  const auto approved = world_.approve("c1", {moved(3), upsert("dev.plain", 2)});
  (void)world_.apply(approved, stop.get_token());
  auto execution = world_.stored(approved);
  ASSERT_TRUE(execution);
  EXPECT_EQ(told(*execution), "dev.plain DONE, dev.moved INTENT") << "nobody waits for somebody else's replicas";

  cluster_.after_each_call({});
  cluster_.set_move_speed(1'000);
  world_.let_leases_run_out();
  execution = world_.apply(approved);
  ASSERT_TRUE(execution) << execution.error().describe();
  EXPECT_EQ(execution->state, ExecutionState::kApplied);
  EXPECT_EQ(factors(), std::vector<std::size_t>(2, 3));
  EXPECT_EQ(sent(ModelCall::kReassign), 2) << "once for each partition";
}

// Lost on the way, the moves have not begun: partitions added now would get the old factor, which the
// plan's moves are not about.
TEST_F(ApplyMoves, NoPartitionIsAddedWhileItIsUnknownWhetherReplicasMove) {
  cluster_.inject([](ModelCall call, const TopicName*) {
    return call == ModelCall::kReassign ? Fault::kUnknownUndone : Fault::kNone;
  });
  const auto approved = world_.approve("c1", {moved(3, 4)});
  auto execution = world_.apply(approved);
  ASSERT_TRUE(execution) << execution.error().describe();
  EXPECT_EQ(told(*execution), "dev.moved UNKNOWN");
  EXPECT_EQ(factors(), std::vector<std::size_t>(2, 1));
  cluster_.inject({});
  execution = world_.apply(approved);
  ASSERT_TRUE(execution) << execution.error().describe();
  EXPECT_EQ(told(*execution), "dev.moved DONE");
  EXPECT_EQ(factors(), std::vector<std::size_t>(4, 3));
}

TEST_F(ApplyMoves, ReplicasThatNeverArriveAreUnknown) {
  cluster_.set_move_speed(0);
  world_.options().move_deadline = std::chrono::milliseconds{50};
  const auto execution = world_.apply(world_.approve("c1", {moved(3)}));
  ASSERT_TRUE(execution) << execution.error().describe();
  EXPECT_EQ(told(*execution), "dev.moved UNKNOWN");
  EXPECT_EQ(execution->items[0].outcome.code, "replicas.moving");
  EXPECT_TRUE(execution->items[0].outcome.retryable);
}

// Some partitions move, one was refused: the topic is waited for, so that its throttle goes, and only then
// told as failed; and the trail says that something may have happened.
TEST_F(ApplyMoves, RefusedInPartIsWaitedForAndFails) {
  cluster_.set_move_speed(1);
  int asked = 0;
  cluster_.inject([&](ModelCall call, const TopicName*) {
    return call == ModelCall::kReassign && ++asked == 2 ? Fault::kRefuse : Fault::kNone;
  });
  int looks = 0;
  cluster_.after_each_call([&](ModelCall call) { looks += call == ModelCall::kMoves ? 1 : 0; });
  const auto approved = world_.approve("c1", {moved(3, 4)});
  auto execution = world_.apply(approved);
  ASSERT_TRUE(execution) << execution.error().describe();
  EXPECT_EQ(told(*execution), "dev.moved FAILED");
  EXPECT_EQ(execution->items[0].outcome.code, "NOT_CONTROLLER");
  EXPECT_TRUE(execution->items[0].outcome.retryable);
  EXPECT_GT(looks, 0);
  EXPECT_EQ(factors(), (std::vector<std::size_t>{3, 1})) << "and no partition was added";
  EXPECT_EQ(world_.count("audit_records WHERE name = 'dev.moved' AND outcome = 'unknown'"), 1);
  cluster_.inject({});
  execution = world_.apply(approved);
  ASSERT_TRUE(execution) << execution.error().describe();
  EXPECT_EQ(told(*execution), "dev.moved DONE");
}

// Whoever goes on after a restart with another configuration has to know the throttle as ours.
TEST_F(ApplyMoves, TheThrottleIsTheOneThatWasApproved) {
  const auto approved = world_.approve("c1", {moved(3)});
  ApplyWorld configured_anew(database_.database(), cluster_, cluster_, ApplyWorld::some_policies(), {},
                             2 * usual_throttle());
  const auto begun = configured_anew.begin(approved);
  ASSERT_TRUE(begun) << begun.error().describe();
  const auto& running = std::get<governance::application::RunningExecution>(*begun);
  EXPECT_EQ(running.planned.at(0).moves.throttle_bytes_per_s, usual_throttle());
}

// Taking the throttle away is a request, too.
TEST_F(ApplyMoves, NobodyLooksWhereTheModeForbidsWhatALookMaySend) {
  cluster_.set_move_speed(0);
  int looks = 0;
  cluster_.after_each_call([&](ModelCall call) {
    if (call != ModelCall::kMoves || ++looks > 1) return;
    auto policies = ApplyWorld::some_policies();
    policies.modes = {{governance::domain::Mode::kReadOnly, {}, {}}};
    world_.shelf().put(policies);
  });
  const auto approved = world_.approve("c1", {moved(3)});
  auto execution = world_.apply(approved);
  ASSERT_TRUE(execution) << execution.error().describe();
  EXPECT_EQ(told(*execution), "dev.moved UNKNOWN");
  EXPECT_EQ(execution->items[0].outcome.code, "mode.read-only");
  EXPECT_EQ(looks, 1);
  cluster_.set_move_speed(1'000);
  world_.shelf().put(ApplyWorld::some_policies());
  execution = world_.apply(approved);
  ASSERT_TRUE(execution) << execution.error().describe();
  EXPECT_EQ(told(*execution), "dev.moved DONE");
}

}  // namespace
}  // namespace sluice::test
