// Where replicas go: spread over racks, brokers and load; what stays; what is refused (X4).
#include "governance/domain/moves/move_planner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace sluice::governance::domain {
namespace {

using Ids = std::vector<std::int32_t>;
constexpr std::int64_t kGiB = 1LL << 30;
const TopicName kTopic{"prod.orders"};

PartitionPlacement partition(std::int32_t id, Ids replicas) { return {id, replicas.front(), replicas, replicas}; }

ReplicaLayout layout(std::vector<LiveBroker> brokers, std::vector<PartitionPlacement> partitions) {
  ReplicaLayout made{std::move(brokers), {}, {}};
  made.topics[kTopic].partitions = std::move(partitions);
  return made;
}

std::vector<LiveBroker> three() { return {{1, "a", {}}, {2, "b", {}}, {3, "c", {}}}; }

std::vector<Ids> targets(const ReplicaLayout& given, std::int32_t factor) {
  const auto moves = plan_moves(given, kTopic, factor);
  EXPECT_TRUE(moves) << moves.error().describe();
  std::vector<Ids> found;
  if (moves) {
    for (const PartitionMove& move : moves->assignment) found.push_back(move.to);
  }
  return found;
}

std::string refusal(const ReplicaLayout& given, std::int32_t factor) {
  const auto moves = plan_moves(given, kTopic, factor);
  EXPECT_FALSE(moves);
  EXPECT_FALSE(moves.error().fix.empty());
  return moves.error().code;
}

TEST(MoreReplicas, AreAddedBehindThoseThatAreThere) {
  EXPECT_EQ(targets(layout(three(), {partition(0, {2})}), 3), (std::vector<Ids>{{2, 1, 3}}));
}

TEST(MoreReplicas, GoToTheRackThatThePartitionLacks) {
  const std::vector<LiveBroker> brokers{{1, "a", {}}, {2, "a", {}}, {3, "b", {}}, {4, "b", {}}};
  EXPECT_EQ(targets(layout(brokers, {partition(0, {1}), partition(1, {4})}), 2), (std::vector<Ids>{{1, 3}, {4, 2}}));
}

TEST(MoreReplicas, AreSpreadOverTheBrokers) {
  std::vector<LiveBroker> brokers;
  std::vector<PartitionPlacement> partitions;
  for (std::int32_t id = 1; id <= 6; ++id) brokers.push_back({id, "", {}});
  for (std::int32_t id = 0; id < 12; ++id) partitions.push_back(partition(id, {id % 6 + 1}));
  std::map<std::int32_t, int> held;
  for (const Ids& replicas : targets(layout(brokers, partitions), 3)) {
    for (const auto id : replicas) ++held[id];
  }
  for (const auto& [id, count] : held) EXPECT_EQ(count, 6) << "broker " << id;
}

TEST(MoreReplicas, SpareTheBrokerThatHoldsMuchMore) {
  const std::vector<LiveBroker> brokers{{1, "", 10 * kGiB}, {2, "", 90 * kGiB}, {3, "", 12 * kGiB}};
  EXPECT_EQ(targets(layout(brokers, {partition(0, {1}), partition(1, {1})}), 2), (std::vector<Ids>{{1, 3}, {1, 3}}));
}

// The digest binds the assignment: bytes that come and go must not make another one.
TEST(MoreReplicas, DoNotFollowSmallDifferences) {
  const auto with = [](std::int64_t one, std::int64_t two, std::int64_t more) {
    return targets(layout({{1, "", one}, {2, "", two}, {3, "", more}}, {partition(0, {1}), partition(1, {2})}), 2);
  };
  EXPECT_EQ(with(0, 0, 0), with(5'000'000, 900'000'000, 1'000));
  EXPECT_EQ(with(10 * kGiB, 10 * kGiB, 10 * kGiB), with(10 * kGiB, 11 * kGiB, 12 * kGiB));
}

TEST(FewerReplicas, KeepTheLeaderAndWhatIsInSync) {
  auto off_place = partition(0, {1, 2, 3});
  off_place.leader = 3;
  auto behind = partition(1, {1, 2, 3});
  behind.in_sync = {1, 3};
  auto preferred_behind = partition(2, {1, 2, 3});
  preferred_behind.leader = 2;
  preferred_behind.in_sync = {2, 3};
  EXPECT_EQ(targets(layout(three(), {off_place, behind, preferred_behind}), 2),
            (std::vector<Ids>{{1, 3}, {1, 3}, {2, 3}}));
  EXPECT_EQ(targets(layout(three(), {off_place}), 1), (std::vector<Ids>{{3}}));
}

TEST(FewerReplicas, LeaveRacksSpread) {
  const std::vector<LiveBroker> brokers{{1, "a", {}}, {2, "a", {}}, {3, "b", {}}};
  EXPECT_EQ(targets(layout(brokers, {partition(0, {1, 2, 3}), partition(1, {3, 2, 1})}), 2),
            (std::vector<Ids>{{1, 3}, {3, 2}}));
}

TEST(FewerReplicas, DropTheDeadFirst) {
  auto dead = partition(0, {9, 1, 2});
  dead.leader = 1;
  dead.in_sync = {1, 2};
  EXPECT_EQ(targets(layout(three(), {dead}), 2), (std::vector<Ids>{{1, 2}}));
}

TEST(PartitionsThatAreRight, AreLeftAlone) {
  const auto moves = plan_moves(layout(three(), {partition(0, {1, 2}), partition(1, {3})}), kTopic, 2).value();
  ASSERT_EQ(moves.assignment.size(), 1U);
  EXPECT_EQ(moves.assignment[0].partition, 1);
}

TEST(Bytes, AreThoseOfTheCopies) {
  auto given = layout(three(), {partition(0, {1}), partition(1, {2, 3})});
  given.topics[kTopic].bytes = {{0, 100}, {1, 10}};
  EXPECT_EQ(plan_moves(given, kTopic, 3)->bytes, 210);
  EXPECT_EQ(plan_moves(given, kTopic, 1)->bytes, 0) << "dropping copies nothing";
  given.topics[kTopic].bytes.erase(1);
  EXPECT_EQ(plan_moves(given, kTopic, 3)->bytes, std::nullopt) << "unknown is not 0";
}

TEST(Refusals, NameTheirReason) {
  const auto good = layout(three(), {partition(0, {1, 2})});
  EXPECT_EQ(refusal(good, 4), "replicas.too-few-brokers");
  EXPECT_EQ(refusal(good, 0), "replicas.too-few-brokers");
  auto moving = good;
  moving.topics[kTopic].is_moving = true;
  EXPECT_EQ(refusal(moving, 3), "kafka.reassignment-in-progress");
  auto leaderless = good;
  leaderless.topics[kTopic].partitions[0].leader = -1;
  EXPECT_EQ(refusal(leaderless, 3), "replicas.no-leader");
  EXPECT_EQ(refusal(leaderless, 1), "replicas.no-leader");
  EXPECT_EQ(refusal(layout(three(), {partition(0, {1, 9})}), 3), "replicas.broker-down");
  auto unsupported = good;
  unsupported.refusal = "not with Kerberos";
  EXPECT_EQ(refusal(unsupported, 3), "replicas.unsupported");
  EXPECT_EQ(refusal(ReplicaLayout{three(), {}, {}}, 3), "replicas.unknown");
}

// Whatever the layout: as many different live brokers as asked for, the leader and the order stay.
TEST(AnyLayout, EndsAsAsked) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const auto pick = [&](int most) { return static_cast<std::int32_t>(random() % static_cast<unsigned>(most)); };
  for (int round = 0; round < 2'000; ++round) {
    const std::int32_t count = 1 + pick(9);
    ReplicaLayout given;
    Ids ids;
    for (std::int32_t id = 1; id <= count; ++id) {
      ids.push_back(id);
      given.brokers.push_back({id, pick(2) == 0 ? "" : std::string(1, static_cast<char>('a' + pick(3))), pick(100) * kGiB});
    }
    for (std::int32_t id = 0, most = 1 + pick(8); id < most; ++id) {
      std::shuffle(ids.begin(), ids.end(), random);
      auto placed = partition(id, {ids.begin(), ids.begin() + 1 + pick(count)});
      placed.leader = placed.replicas[static_cast<std::size_t>(pick(static_cast<int>(placed.replicas.size())))];
      given.topics[kTopic].partitions.push_back(placed);
    }
    const std::int32_t factor = 1 + pick(count);
    const auto moves = plan_moves(given, kTopic, factor);
    ASSERT_TRUE(moves) << moves.error().describe();
    EXPECT_EQ(*moves, *plan_moves(given, kTopic, factor)) << "the same again";
    for (const PartitionMove& move : moves->assignment) {
      const auto& before = given.topics[kTopic].partitions[static_cast<std::size_t>(move.partition)];
      const std::set<std::int32_t> different(move.to.begin(), move.to.end());
      ASSERT_EQ(different.size(), static_cast<std::size_t>(factor));
      EXPECT_EQ(move.to.size(), different.size());
      EXPECT_TRUE(different.contains(before.leader));
      const bool grows = move.to.size() > move.from.size();
      const Ids& shorter = grows ? move.from : move.to;
      Ids kept;
      std::copy_if((grows ? move.to : move.from).begin(), (grows ? move.to : move.from).end(), std::back_inserter(kept),
                   [&](std::int32_t id) { return std::find(shorter.begin(), shorter.end(), id) != shorter.end(); });
      EXPECT_EQ(kept, shorter) << "in its order";
    }
  }
}

}  // namespace
}  // namespace sluice::governance::domain
