// KafkaTopicWriter on a real broker: each outcome as the journal needs it, each mutating request counted.
#include <gtest/gtest.h>

#include "governance/infrastructure/kafka/kafka_topic_writer.h"
#include "integration/kafka/cluster_fixture.h"

namespace sluice::governance::infrastructure {
namespace {

using domain::CallOutcome;
using domain::TopicName;
using kafka::test::soon;

class TopicWriterTest : public kafka::test::ClusterTest {
 protected:
  domain::CallResult create(const std::string& name, std::int32_t partitions = 1) {
    const domain::CreateProbe probe{TopicName{name}, partitions, 1, {}};
    auto result = writer_.create(std::span(&probe, 1), soon())[0];
    if (result.outcome == CallOutcome::kDone) delete_later(name);
    return result;
  }
  std::optional<std::string> config(const std::string& topic, const std::string& key) {
    const auto entries = admin_->describe_topic_configs(std::vector{topic}, soon());
    if (!entries[0]) return std::nullopt;
    for (const auto& entry : *entries[0]) {
      if (entry.name == key && entry.source == kafka::ConfigSource::kTopic) return entry.value;
    }
    return std::nullopt;
  }

  KafkaTopicWriter writer_{*admin_, {}};
};

TEST_F(TopicWriterTest, CreatesGrowsAltersAndRemoves) {
  const auto name = topic_name("life");
  ASSERT_EQ(create(name).outcome, CallOutcome::kDone);
  const domain::PartitionsProbe more{TopicName{name}, 3};
  EXPECT_EQ(writer_.grow(std::span(&more, 1), soon())[0].outcome, CallOutcome::kDone);
  const domain::ConfigProbe set{TopicName{name}, {{"retention.ms", "60000"}, {"max.message.bytes", "2000"}}, {}};
  EXPECT_EQ(writer_.alter(std::span(&set, 1), soon())[0].outcome, CallOutcome::kDone);
  const domain::ConfigProbe unset{TopicName{name}, {}, {"max.message.bytes"}};
  EXPECT_EQ(writer_.alter(std::span(&unset, 1), soon())[0].outcome, CallOutcome::kDone);
  // Incremental: what the second call does not name stays.
  EXPECT_TRUE(kafka::await(
      [&]() -> Result<bool> { return config(name, "retention.ms") == "60000" && !config(name, "max.message.bytes"); },
      soon()));
  const TopicName topic{name};
  EXPECT_EQ(writer_.remove(std::span(&topic, 1), soon())[0].outcome, CallOutcome::kDone);
  EXPECT_EQ(writer_.mutating_requests(), 5U);
}

TEST_F(TopicWriterTest, ARefusalCarriesKafkasOwnNameAndWords) {
  const auto name = topic_name("twice");
  ASSERT_EQ(create(name).outcome, CallOutcome::kDone);
  const auto again = create(name);
  EXPECT_EQ(again.outcome, CallOutcome::kRefused);
  EXPECT_EQ(again.code, "TOPIC_ALREADY_EXISTS");
  EXPECT_FALSE(again.retryable);
  const TopicName missing{topic_name("missing")};
  EXPECT_EQ(writer_.remove(std::span(&missing, 1), soon())[0].code, "UNKNOWN_TOPIC_OR_PARTITION");
  const domain::ConfigProbe wrong{TopicName{name}, {{"retention.ms", "abc"}}, {}};
  const auto refused = writer_.alter(std::span(&wrong, 1), soon())[0];
  EXPECT_EQ(refused.code, "INVALID_CONFIG");
  EXPECT_NE(refused.words.find("Not a number"), std::string::npos);
}

TEST_F(TopicWriterTest, OneRefusalLeavesTheOthersAlone) {
  const auto good = topic_name("good");
  delete_later(good);
  const std::vector<domain::CreateProbe> probes{{TopicName{good}, 1, 1, {}},
                                                {TopicName{topic_name("bad")}, 1, 1, {{"foo", "bar"}}}};
  const auto results = writer_.create(probes, soon());
  EXPECT_EQ(results[0].outcome, CallOutcome::kDone);
  EXPECT_EQ(results[1].outcome, CallOutcome::kRefused);
}

TEST_F(TopicWriterTest, ReadsAndValidateOnlyAreNotCounted) {
  const std::vector<kafka::NewTopic> topics{{topic_name("asked"), 1, 1, {}}};
  ASSERT_TRUE(admin_->create_topics(topics, kafka::ValidateOnly::kYes, soon())[0]);
  ASSERT_TRUE(admin_->cluster(soon()));
  EXPECT_EQ(writer_.mutating_requests(), 0U);
}

TEST_F(TopicWriterTest, WithoutABrokerOrTimeNothingIsSent) {
  const auto nowhere = kafka::Admin::open(options("test-nowhere", {{"bootstrap.servers", "127.0.0.1:1"}})).value();
  KafkaTopicWriter cut_off(*nowhere, {std::chrono::milliseconds{500}});
  const TopicName topic{topic_name("never")};
  const auto unreachable = cut_off.remove(std::span(&topic, 1), soon())[0];
  EXPECT_EQ(unreachable.outcome, CallOutcome::kNotSent) << unreachable.code << unreachable.words;
  EXPECT_TRUE(unreachable.retryable);
  const auto late = writer_.remove(std::span(&topic, 1), Deadline::after(std::chrono::milliseconds{0}))[0];
  EXPECT_EQ(late.outcome, CallOutcome::kNotSent);
  EXPECT_EQ(writer_.mutating_requests(), 0U);
}

}  // namespace
}  // namespace sluice::governance::infrastructure
