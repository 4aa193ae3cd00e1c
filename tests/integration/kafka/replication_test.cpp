// What only three brokers can show.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>

#include "integration/kafka/cluster_fixture.h"
#include "platform/kafka/producer.h"
#include "support/servers.h"

namespace sluice::kafka::test {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class ReplicationTest : public ClusterTest {
 protected:
  ReplicationTest() : ClusterTest("SLUICE_TEST_KAFKA3") {}
};

TEST_F(ReplicationTest, TellsThreeBrokersAndTheirRacks) {
  const auto cluster = admin_->cluster(soon());
  ASSERT_TRUE(cluster) << cluster.error().describe();
  ASSERT_THAT(cluster->brokers, SizeIs(3));
  EXPECT_EQ(cluster->brokers[2].id, 3);
  EXPECT_EQ(cluster->brokers[2].rack, "rack-3");
}

TEST_F(ReplicationTest, TheBrokersDefaultReplicationIsUsed) {
  const auto name = make_topic("default", 6);
  // Each look may go to another broker, and one of them may not know the topic yet.
  const auto replicated = await(
      [&]() -> Result<bool> {
        const auto described = admin_->describe_topics(std::vector{name}, soon());
        return described[0] && std::ranges::all_of(described[0]->partitions, [](const auto& partition) {
                 return partition.replicas.size() == 3;
               });
      },
      soon());
  EXPECT_TRUE(replicated);
}

TEST_F(ReplicationTest, MoreReplicasThanBrokersAreRefused) {
  const std::vector<NewTopic> topics{{topic_name("four"), 1, 4, {}}};
  const auto refused = admin_->create_topics(topics, ValidateOnly::kYes, soon());
  ASSERT_FALSE(refused[0]);
  EXPECT_EQ(refused[0].error().code, "kafka.invalid-replication-factor");
  EXPECT_THAT(refused[0].error().message, HasSubstr("only 3 broker(s)"));
}

// The broker does not compare these two: the caller must.
TEST_F(ReplicationTest, MinInSyncAboveTheReplicationFactorIsNotTheBrokersBusiness) {
  const std::vector<NewTopic> topics{{topic_name("isr"), 1, 2, {{"min.insync.replicas", "3"}}}};
  EXPECT_TRUE(admin_->create_topics(topics, ValidateOnly::kYes, soon())[0]);
}

TEST_F(ReplicationTest, ListsOffsetsOfPartitionsOnEveryBroker) {
  const auto name = make_topic("spread", 6);
  const auto producer = Producer::open(options("test-producer")).value();
  for (std::int32_t partition = 0; partition < 6; ++partition) {
    for (int i = 0; i <= partition; ++i) {
      RecordToSend record{name, "k", "v"};
      record.partition = partition;
      ASSERT_TRUE(producer->produce(record, [](const Result<Delivery>& report) {
        EXPECT_TRUE(report) << report.error().describe();
      }));
    }
  }
  ASSERT_TRUE(producer->flush(soon()));
  std::vector<TopicPartition> asked;
  for (std::int32_t partition = 0; partition < 6; ++partition) asked.push_back({name, partition});
  const auto all_right = [&]() -> Result<bool> {
    const auto latest = admin_->list_offsets(asked, OffsetAt::kLatest, soon());
    bool right = true;
    for (std::size_t i = 0; i < asked.size(); ++i) {
      if (!latest[i]) return latest[i].error();
      right = right && *latest[i] == static_cast<std::int64_t>(i) + 1;
    }
    return right;
  };
  const auto seen = await(all_right, soon());
  EXPECT_TRUE(seen) << seen.error().describe();
  EXPECT_TRUE(admin_->list_groups(soon()));
}

}  // namespace
}  // namespace sluice::kafka::test
