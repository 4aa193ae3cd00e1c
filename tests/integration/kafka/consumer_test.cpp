// Groups on the real broker: offsets, starts, rebalances.
#include <gmock/gmock.h>

#include <algorithm>

#include "integration/kafka/pipe_fixture.h"

namespace sluice::kafka::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(PipeTest, ContinuesFromWhatWasCommitted) {
  const auto topic = make_topic("commit");
  const auto producer = open_producer();
  send(*producer, topic, 10);
  {
    Listener listener;
    const auto consumer = open_consumer(listener, topic);
    std::vector<Received> received;
    receive(*consumer, 10, received);
    EXPECT_TRUE(consumer->commit(soon())) << "nothing stored is no error";
    ASSERT_TRUE(consumer->store(std::vector<CommittedOffset>{{{topic, 0}, 4}}));
    ASSERT_TRUE(consumer->commit(soon()));
    ASSERT_TRUE(consumer->close(soon()));
    EXPECT_THAT(listener.held, IsEmpty());
  }
  const auto offsets = admin_->group_offsets(group(), soon());
  ASSERT_TRUE(offsets) << offsets.error().describe();
  ASSERT_THAT(*offsets, SizeIs(1));
  EXPECT_EQ((*offsets)[0].offset, 4);

  Listener listener;
  const auto consumer = open_consumer(listener, topic);
  std::vector<Received> received;
  receive(*consumer, 6, received);
  EXPECT_EQ(received.front().offset, 4);
}

TEST_F(PipeTest, TheListenerSaysWhereReadingBegins) {
  const auto topic = make_topic("start");
  const auto producer = open_producer();
  send(*producer, topic, 10);
  Listener listener;
  listener.begin_at[0] = 7;
  listener.start_paused = true;
  const auto consumer = open_consumer(listener, topic);
  ASSERT_TRUE(await(
      [&]() -> Result<bool> {
        const auto batch = consumer->poll_batch(10, Deadline::after(std::chrono::milliseconds{20}));
        EXPECT_TRUE(batch && batch->empty()) << "it starts paused";
        return !listener.held.empty();
      },
      soon()));
  ASSERT_TRUE(consumer->resume(std::vector<TopicPartition>{{topic, 0}}));
  std::vector<Received> received;
  receive(*consumer, 3, received);
  EXPECT_EQ(received.front().offset, 7);
  ASSERT_TRUE(consumer->seek(std::vector<CommittedOffset>{{{topic, 0}, 2}}, soon()));
  received.clear();
  receive(*consumer, 8, received);
  EXPECT_EQ(received.front().offset, 2);
}

TEST_F(PipeTest, AssignReadsOutsideOfTheGroup) {
  const auto topic = make_topic("assign", 2);
  const auto producer = open_producer();
  send(*producer, topic, 5, 1);
  Listener listener;
  auto made = Consumer::open(options("test-consumer", {{"group.id", group()}}), listener);
  ASSERT_TRUE(made);
  const auto consumer = std::move(made).value();
  ASSERT_TRUE(consumer->assign(std::vector<PartitionStart>{{{topic, 1}, 3, false}}));
  std::vector<Received> received;
  receive(*consumer, 2, received);
  EXPECT_EQ(received.front().offset, 3);
  EXPECT_THAT(consumer->assignment(), ElementsAre(TopicPartition{topic, 1}));
  EXPECT_THAT(listener.held, IsEmpty());
}

TEST_F(PipeTest, AnUnknownTopicIsAnErrorOfThePoll) {
  Listener listener;
  const auto consumer = open_consumer(listener, topic_name("absent"));
  Error error;
  ASSERT_TRUE(await(
      [&]() -> Result<bool> {
        const auto batch = consumer->poll_batch(10, Deadline::after(std::chrono::milliseconds{50}));
        if (!batch) error = batch.error();
        return !batch;
      },
      soon()));
  EXPECT_EQ(error.code, "kafka.unknown-topic");
}

// Two members share four partitions; the one that stays takes all within moments of the other's leave,
// not after the session timeout (45 s).
TEST_F(PipeTest, RebalancesCooperativelyAndLeavesCleanly) {
  const auto topic = make_topic("rebalance", 4);
  Listener first_listener;
  Listener second_listener;
  const auto first = open_consumer(first_listener, topic);
  const auto second = open_consumer(second_listener, topic);
  const auto poll_until = [&](const std::function<bool()>& done, bool poll_second) {
    return await(
        [&]() -> Result<bool> {
          const auto slice = Deadline::after(std::chrono::milliseconds{20});
          EXPECT_TRUE(first->poll_batch(10, slice));
          EXPECT_TRUE(!poll_second || second->poll_batch(10, slice));
          return done();
        },
        soon());
  };
  ASSERT_TRUE(poll_until(
      [&] { return first_listener.held.size() == 2 && second_listener.held.size() == 2; }, true));

  const auto described = admin_->describe_groups(std::vector{group()}, soon());
  ASSERT_TRUE(described[0]) << described[0].error().describe();
  EXPECT_EQ(described[0]->state, "Stable");
  EXPECT_EQ(described[0]->partition_assignor, "cooperative-sticky");
  EXPECT_EQ(described[0]->protocol_type, "consumer");
  ASSERT_THAT(described[0]->members, SizeIs(2));
  EXPECT_EQ(described[0]->members[0].client_id, "sluice/test-consumer");
  EXPECT_THAT(described[0]->members[0].assignment, SizeIs(2));
  const auto groups = admin_->list_groups(soon());
  ASSERT_TRUE(groups);
  EXPECT_TRUE(std::ranges::any_of(*groups, [&](const auto& listed) { return listed.id == group(); }));

  const auto kept = first_listener.held;
  ASSERT_TRUE(second->close(soon()));
  EXPECT_THAT(second_listener.held, IsEmpty());
  ASSERT_TRUE(poll_until([&] { return first_listener.held.size() == 4; }, false));
  EXPECT_TRUE(std::ranges::includes(first_listener.held, kept)) << "it kept reading what it had";
  EXPECT_EQ(first_listener.losses + second_listener.losses, 0U);
  ASSERT_TRUE(first->close(soon()));
  const auto left = admin_->describe_groups(std::vector{group()}, soon());
  EXPECT_EQ(left[0]->state, "Empty");
}

TEST_F(PipeTest, StatisticsBecomeMetrics) {
  const auto topic = make_topic("metrics");
  const auto producer = open_producer({{"statistics.interval.ms", "50"}});
  send(*producer, topic, 100);
  Listener listener;
  const auto consumer = open_consumer(listener, topic, {{"statistics.interval.ms", "50"}});
  std::vector<Received> received;
  receive(*consumer, 100, received);
  ASSERT_TRUE(consumer->store(std::vector<CommittedOffset>{{{topic, 0}, 60}}));
  const auto lag = "kafka_consumer_lag_records{client=\"test-consumer\",topic=\"" + topic +
                   "\",partition=\"0\"} 40";
  const auto seen = await(
      [&]() -> Result<bool> {
        EXPECT_TRUE(consumer->poll_batch(10, Deadline::after(std::chrono::milliseconds{20})));
        const auto page = metrics_.render();
        return page.find(lag) != std::string::npos &&
               page.find("kafka_client_sent_messages_total{client=\"test-producer\"} 100") !=
                   std::string::npos;
      },
      soon());
  EXPECT_TRUE(seen) << metrics_.render();
  EXPECT_THAT(metrics_.render(), HasSubstr("kafka_client_broker_rtt_seconds{client=\"test-producer\""));
}

}  // namespace
}  // namespace sluice::kafka::test
