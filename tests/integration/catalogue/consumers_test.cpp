// Who reads a topic and how far behind, on a real cluster with real groups (G8).
#include <algorithm>

#include "integration/catalogue/catalogue_fixture.h"
#include "platform/kafka/consumer.h"
#include "platform/kafka/producer.h"

namespace sluice::governance {
namespace {

using domain::EnvironmentName;
using domain::GroupLag;

class Listener final : public kafka::RebalanceListener {
 public:
  void on_assigned(std::span<kafka::PartitionStart> partitions) override { held += partitions.size(); }
  void on_revoked(std::span<const kafka::TopicPartition> partitions) override { held -= partitions.size(); }
  void on_lost(std::span<const kafka::TopicPartition> partitions) override { held -= partitions.size(); }
  std::size_t held = 0;
};

template <typename Kind>
class Consumers : public CatalogueTest<Kind> {
 protected:
  kafka::ClientOptions options(kafka::Properties more = {}) {
    more.emplace("bootstrap.servers", test::test_server("SLUICE_TEST_KAFKA"));
    return {.properties = std::move(more), .role = "test", .metrics = this->metrics_};
  }
  void send(const std::string& topic, int records) {
    const auto producer = kafka::Producer::open(options()).value();
    for (int i = 0; i < records; ++i) {
      kafka::RecordToSend record{topic, "k", "v"};
      record.partition = i % 2;
      ASSERT_TRUE(producer->produce(record, [](const auto& report) { EXPECT_TRUE(report); }));
    }
    ASSERT_TRUE(producer->flush(soon()));
  }
  // A member that holds both partitions and has read nothing yet.
  std::unique_ptr<kafka::Consumer> join(const std::string& group, const std::string& topic, Listener& listener) {
    auto consumer = kafka::Consumer::open(options({{"group.id", group}}), listener).value();
    EXPECT_TRUE(consumer->subscribe(std::vector{topic}));
    const Deadline deadline = soon();
    while (listener.held < 2 && !deadline.expired()) {
      EXPECT_TRUE(consumer->poll_batch(1, deadline.no_later_than(std::chrono::milliseconds{100})));
    }
    EXPECT_EQ(listener.held, 2U);
    return consumer;
  }
  static void commit(kafka::Consumer& consumer, const std::string& topic, std::vector<std::int64_t> next) {
    std::vector<kafka::CommittedOffset> offsets;
    for (std::size_t i = 0; i < next.size(); ++i) offsets.push_back({{topic, static_cast<std::int32_t>(i)}, next[i]});
    ASSERT_TRUE(consumer.store(offsets));
    ASSERT_TRUE(consumer.commit(soon()));
  }
  std::vector<GroupLag> groups_of(const std::string& topic) {
    return this->view_.current().value()->groups_of(EnvironmentName{"dev"}, domain::TopicName{topic});
  }
  void look() {
    this->environments_ = test::environments({"dev"}, this->cluster_, nullptr, test::usual_throttle(), &reader_);
    this->sync();
  }

  infrastructure::KafkaConsumptionReader reader_{*this->admin_, {.max_groups = 100'000}};
};
TYPED_TEST_SUITE(Consumers, Kinds);

TYPED_TEST(Consumers, AreShownWithTheirLagAndWhenItWasRead) {
  const std::string topic = "dev.lag." + random_hex(4);
  const std::string group = "g-" + random_hex(4);
  this->make({topic, 2, 1, {}});
  this->send(topic, 10);
  Listener listener;
  const auto consumer = this->join(group, topic, listener);
  this->look();
  // Nothing is committed where there are records: how far behind it is depends on where it will begin.
  EXPECT_EQ(this->groups_of(topic), (std::vector<GroupLag>{{group, "Stable", 1, std::nullopt}}));
  this->commit(*consumer, topic, {5, 1});
  this->look();
  EXPECT_EQ(this->groups_of(topic), (std::vector<GroupLag>{{group, "Stable", 1, 4}}));
  const auto read = this->view_.current().value()->state.groups_read.at(EnvironmentName{"dev"});
  EXPECT_EQ(read.at, this->clock_.now());

  ASSERT_TRUE(consumer->close(soon()));
  this->look();
  EXPECT_EQ(this->groups_of(topic), (std::vector<GroupLag>{{group, "Empty", 0, 4}}));
  this->remove(topic);
  this->look();
  EXPECT_TRUE(this->groups_of(topic).empty());
}

TYPED_TEST(Consumers, StayAsTheyWereWhenTheyCanNotBeRead) {
  const std::string topic = "dev.lag." + random_hex(4);
  const std::string group = "g-" + random_hex(4);
  this->make({topic, 2, 1, {}});
  this->send(topic, 2);
  Listener listener;
  const auto consumer = this->join(group, topic, listener);
  this->commit(*consumer, topic, {0, 1});
  this->look();
  const TimePoint read_at = this->clock_.now();
  const auto known = this->groups_of(topic);
  ASSERT_EQ(known.size(), 1U);

  infrastructure::KafkaConsumptionReader none_allowed(*this->admin_, {.max_groups = 0});
  this->environments_ = test::environments({"dev"}, this->cluster_, nullptr, test::usual_throttle(), &none_allowed);
  this->clock_.advance(std::chrono::minutes{1});
  const auto report = this->sync_.sync(EnvironmentName{"dev"}, soon());
  ASSERT_TRUE(report) << report.error().describe();
  ASSERT_TRUE(report->groups_problem);
  EXPECT_EQ(report->groups_problem->code, "cluster.too-many-groups");
  ASSERT_TRUE(this->view_.refresh(soon()));
  EXPECT_EQ(this->groups_of(topic), known);
  EXPECT_EQ(this->view_.current().value()->state.groups_read.at(EnvironmentName{"dev"}).at, read_at);
  ASSERT_TRUE(consumer->close(soon()));
}

// Topics that are gone for long are dropped, by every process that follows.
TYPED_TEST(Consumers, OfATopicThatIsLongGoneAreForgottenWithIt) {
  const std::string topic = "dev.gone." + random_hex(4);
  this->make({topic, 1, 1, {}});
  this->look();
  application::CatalogueView follower(this->repository_);
  ASSERT_TRUE(follower.refresh(soon()));
  this->remove(topic);
  this->look();
  this->clock_.advance(this->kKeepGone - std::chrono::minutes{1});
  this->look();
  EXPECT_TRUE(this->row(topic));
  this->clock_.advance(std::chrono::minutes{1});
  this->look();
  EXPECT_FALSE(this->row(topic));
  ASSERT_TRUE(follower.refresh(soon()));
  EXPECT_FALSE(follower.current().value()->index->find("dev", topic));
  application::CatalogueView fresh(this->repository_);
  ASSERT_TRUE(fresh.refresh(soon()));
  EXPECT_FALSE(fresh.current().value()->index->find("dev", topic));
}

}  // namespace
}  // namespace sluice::governance
