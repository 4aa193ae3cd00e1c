// A replication factor changed on three brokers with data in the topic: planned, moved under a
// throttle that can be seen, and the throttle gone afterwards (X4).
#include <gtest/gtest.h>

#include <algorithm>

#include "governance/domain/moves/move_planner.h"
#include "governance/infrastructure/kafka/kafka_topic_writer.h"
#include "governance/infrastructure/kafka_topic_cluster.h"
#include "integration/kafka/cluster_fixture.h"
#include "platform/kafka/producer.h"

namespace sluice::governance::infrastructure {
namespace {

using domain::CallOutcome;
using domain::ReplicaMove;
using domain::TopicName;
using kafka::test::soon;

constexpr std::int64_t kRate = 10LL << 20;
constexpr const char* kLeaderRate = "leader.replication.throttled.rate";
constexpr const char* kFollowerMark = "follower.replication.throttled.replicas";

class ReplicaMovesTest : public kafka::test::ClusterTest {
 protected:
  ReplicaMovesTest() : ClusterTest("SLUICE_TEST_KAFKA3") {}

  TopicName make(const std::string& suffix, std::int32_t partitions, std::int32_t factor) {
    const TopicName name{topic_name(suffix)};
    const domain::CreateProbe probe{name, partitions, factor, {}};
    EXPECT_EQ(writer_.create(std::span(&probe, 1), soon())[0].outcome, CallOutcome::kDone);
    delete_later(name.str());
    EXPECT_TRUE(eventually([&] { return factors(name).size() == static_cast<std::size_t>(partitions); }));
    return name;
  }
  // Records of 100 kB: `megabytes` of them in each partition.
  void fill(const TopicName& topic, std::int32_t partitions, int megabytes) {
    const auto producer = kafka::Producer::open(options("test-producer", {{"compression.codec", "none"}})).value();
    const std::string value(100'000, 'x');
    for (int i = 0; i < partitions * megabytes * 10; ++i) {
      kafka::RecordToSend record{topic.str(), "k", value};
      record.partition = i % partitions;
      ASSERT_TRUE(producer->produce(record, [](const auto& report) { EXPECT_TRUE(report); }));
    }
    ASSERT_TRUE(producer->flush(soon()));
  }
  std::vector<std::size_t> factors(const TopicName& topic) {
    const auto details = cluster_.describe(std::span(&topic, 1), soon());
    std::vector<std::size_t> found;
    if (!details || details->empty()) return found;
    for (const auto& partition : details->at(topic).partitions) {
      if (partition.leader >= 0) found.push_back(partition.replicas.size());
    }
    return found;
  }
  domain::PlannedMoves plan(const TopicName& topic, std::int32_t factor) {
    const auto layout = cluster_.layout_of(std::span(&topic, 1), soon());
    EXPECT_TRUE(layout) << layout.error().describe();
    auto moves = domain::plan_moves(*layout, topic, factor);
    EXPECT_TRUE(moves) << moves.error().describe();
    return moves.value_or(domain::PlannedMoves{});
  }
  static std::vector<ReplicaMove> to_moves(const TopicName& topic, const domain::PlannedMoves& planned) {
    std::vector<ReplicaMove> moves;
    for (const auto& move : planned.assignment) moves.push_back({topic, move.partition, move.to});
    return moves;
  }
  void start(const std::vector<ReplicaMove>& moves) {
    for (const auto& result : writer_.reassign(moves, kRate, soon())) {
      EXPECT_EQ(result.outcome, CallOutcome::kDone) << result.code << ": " << result.words;
    }
  }
  bool is_over(const TopicName& topic) {
    const auto progress = writer_.moves_of(std::span(&topic, 1), kRate, soon());
    EXPECT_TRUE(progress) << progress.error().describe();
    return progress && !progress->under_way;
  }
  std::string broker_rate(std::int32_t broker) {
    const auto entries = admin_->describe_broker_configs(broker, soon());
    if (!entries) return entries.error().code;
    for (const auto& entry : *entries) {
      if (entry.name == kLeaderRate && entry.source == kafka::ConfigSource::kBrokerDynamic) return *entry.value;
    }
    return "";
  }
  std::string mark(const TopicName& topic) {
    const auto entries = admin_->describe_topic_configs(std::vector{topic.str()}, soon());
    if (!entries[0]) return entries[0].error().code;
    for (const auto& entry : *entries[0]) {
      if (entry.name == kFollowerMark && entry.source == kafka::ConfigSource::kTopic) return *entry.value;
    }
    return "";
  }
  static bool eventually(const std::function<bool()>& seen) {
    return kafka::await([&]() -> Result<bool> { return seen(); }, Deadline::after(std::chrono::seconds{60})).has_value();
  }

  KafkaTopicCluster cluster_{*admin_, {}};
  KafkaTopicWriter writer_{*admin_, {}};
};

TEST_F(ReplicaMovesTest, OneToThreeAndBackToTwoUnderAThrottle) {
  const TopicName topic = make("grow", 4, 1);
  fill(topic, 4, 5);
  const auto more = plan(topic, 3);
  ASSERT_EQ(more.assignment.size(), 4U);
  ASSERT_TRUE(more.bytes);
  EXPECT_GE(*more.bytes, 40'000'000) << "two copies of 20 MB";
  EXPECT_LT(*more.bytes, 45'000'000);

  const auto moves = to_moves(topic, more);
  start(moves);
  // What the brokers say while it runs: 20 MB at 10 MB/s to each of them take a moment.
  for (const std::int32_t broker : {1, 2, 3}) {
    EXPECT_TRUE(eventually([&] { return broker_rate(broker) == std::to_string(kRate); })) << broker_rate(broker);
  }
  EXPECT_TRUE(eventually([&] { return mark(topic) == "*"; }));
  start(moves);  // again with the same moves is fine
  EXPECT_TRUE(eventually([&] { return is_over(topic); }));
  EXPECT_TRUE(eventually([&] { return factors(topic) == std::vector<std::size_t>(4, 3); }));
  EXPECT_TRUE(eventually([&] { return mark(topic).empty(); })) << mark(topic);
  for (const std::int32_t broker : {1, 2, 3}) {
    EXPECT_TRUE(eventually([&] { return broker_rate(broker).empty(); })) << broker_rate(broker);
  }

  const auto fewer = plan(topic, 2);
  EXPECT_EQ(fewer.bytes, 0);
  start(to_moves(topic, fewer));
  EXPECT_TRUE(eventually([&] { return is_over(topic); }));
  EXPECT_TRUE(eventually([&] { return factors(topic) == std::vector<std::size_t>(4, 2); }));

  // Each look may go to another broker, and one may still show the old replicas.
  const auto sends_nothing = [&] {
    const auto before = writer_.mutating_requests();
    start(to_moves(topic, fewer));
    return is_over(topic) && writer_.mutating_requests() == before;
  };
  EXPECT_TRUE(eventually(sends_nothing)) << "nothing left to do, nothing sent";
}

// kill -9 between throttle and end: who looks next takes it away.
TEST_F(ReplicaMovesTest, AThrottleLeftBehindIsTakenAway) {
  const TopicName topic = make("left", 1, 1);
  ReplicaThrottle throttle(*admin_, std::chrono::seconds{10});
  ASSERT_TRUE(throttle.set(std::vector{topic.str()}, kRate, soon()));
  EXPECT_TRUE(eventually([&] { return mark(topic) == "*"; }));
  KafkaTopicWriter another(*admin_, {});
  EXPECT_TRUE(eventually([&] {
    const auto progress = another.moves_of(std::span(&topic, 1), kRate, soon());
    return progress && !progress->under_way && mark(topic).empty() && broker_rate(2).empty();
  }));
}

TEST_F(ReplicaMovesTest, WhatSomebodyElseMarkedStaysTheirs) {
  const TopicName topic = make("theirs", 1, 1);
  const domain::ConfigProbe theirs{topic, {{kFollowerMark, "0:1"}}, {}};
  ASSERT_EQ(writer_.alter(std::span(&theirs, 1), soon())[0].outcome, CallOutcome::kDone);
  ASSERT_TRUE(eventually([&] { return mark(topic) == "0:1"; }));
  start(to_moves(topic, plan(topic, 2)));
  EXPECT_TRUE(eventually([&] { return is_over(topic); }));
  EXPECT_EQ(mark(topic), "0:1");
}

// Nobody waits for a move that nobody has taken.
TEST_F(ReplicaMovesTest, WhatIsRefusedLeavesNoThrottle) {
  const TopicName topic = make("unmoved", 1, 1);
  const auto results = writer_.reassign(std::vector<ReplicaMove>{{topic, 0, {9}}}, kRate, soon());
  EXPECT_EQ(results[0].code, "INVALID_REPLICA_ASSIGNMENT") << results[0].words;
  EXPECT_TRUE(eventually([&] { return mark(topic).empty(); })) << mark(topic);
  for (const std::int32_t broker : {1, 2, 3}) {
    EXPECT_TRUE(eventually([&] { return broker_rate(broker).empty(); })) << broker_rate(broker);
  }
}

TEST_F(ReplicaMovesTest, ARateThatSomebodyElseHasSetStaysAndIsUsed) {
  const std::string theirs = "12345678";
  ASSERT_TRUE(admin_->incremental_alter_broker_configs({2, {{kLeaderRate, theirs}}, {}}, soon()));
  ASSERT_TRUE(eventually([&] { return broker_rate(2) == theirs; }));
  const TopicName topic = make("their-rate", 1, 1);
  const auto results = writer_.reassign(to_moves(topic, plan(topic, 3)), kRate, soon());
  EXPECT_EQ(results[0].outcome, CallOutcome::kDone) << results[0].words;
  EXPECT_EQ(results[0].words, "broker 2 keeps " + std::string(kLeaderRate) + "=" + theirs);
  EXPECT_EQ(broker_rate(2), theirs);
  EXPECT_TRUE(eventually([&] { return is_over(topic); }));
  EXPECT_TRUE(eventually([&] { return broker_rate(1).empty() && broker_rate(3).empty(); }));
  EXPECT_EQ(broker_rate(2), theirs);
  ASSERT_TRUE(admin_->incremental_alter_broker_configs({2, {}, {kLeaderRate}}, soon()));
  EXPECT_TRUE(eventually([&] { return broker_rate(2).empty(); }));
}

TEST_F(ReplicaMovesTest, RefusalsKeepToTheirMoves) {
  const TopicName topic = make("refused", 1, 1);
  const std::vector<ReplicaMove> moves{
      {topic, 0, {9}}, {topic, 5, {1}}, {TopicName{topic_name("missing")}, 0, {1}}};
  const auto results = writer_.reassign(moves, kRate, soon());
  EXPECT_EQ(results[0].outcome, CallOutcome::kRefused);
  EXPECT_EQ(results[0].code, "INVALID_REPLICA_ASSIGNMENT");
  EXPECT_EQ(results[1].code, "UNKNOWN_TOPIC_OR_PARTITION");
  EXPECT_EQ(results[2].code, "UNKNOWN_TOPIC_OR_PARTITION");
  EXPECT_TRUE(is_over(topic));
}

}  // namespace
}  // namespace sluice::governance::infrastructure
