// A producer and consumers on one topic of the real broker.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "integration/kafka/cluster_fixture.h"
#include "platform/kafka/consumer.h"
#include "platform/kafka/producer.h"

namespace sluice::kafka::test {

// Remembers what it was told; can say where partitions begin.
class Listener final : public RebalanceListener {
 public:
  void on_assigned(std::span<PartitionStart> partitions) override {
    for (auto& start : partitions) {
      start.paused = start_paused;
      if (begin_at.contains(start.partition.partition)) {
        start.offset = begin_at[start.partition.partition];
      }
      held.insert(start.partition);
    }
  }
  void on_revoked(std::span<const TopicPartition> partitions) override {
    for (const auto& partition : partitions) held.erase(partition);
    revocations += partitions.size();
  }
  void on_lost(std::span<const TopicPartition> partitions) override {
    for (const auto& partition : partitions) held.erase(partition);
    losses += partitions.size();
  }

  bool start_paused = false;
  std::map<std::int32_t, std::int64_t> begin_at;
  std::set<TopicPartition> held;
  std::size_t revocations = 0;
  std::size_t losses = 0;
};

struct Received {
  std::int32_t partition;
  std::int64_t offset;
  std::string key;
  std::optional<std::string> value;
};

class PipeTest : public ClusterTest {
 protected:
  std::unique_ptr<Producer> open_producer(Properties more = {}) {
    return Producer::open(options("test-producer", std::move(more))).value();
  }
  std::unique_ptr<Consumer> open_consumer(Listener& listener, const std::string& topic,
                                          Properties more = {}) {
    more.try_emplace("group.id", group());
    auto consumer = Consumer::open(options("test-consumer", std::move(more)), listener).value();
    EXPECT_TRUE(consumer->subscribe(std::vector{topic}));
    return consumer;
  }
  std::string group() const { return "g-" + run_; }

  // Sends `count` records with keys k0, k1, … and waits for their reports.
  void send(Producer& producer, const std::string& topic, int count,
            std::optional<std::int32_t> partition = std::nullopt) {
    std::atomic<int> delivered{0};
    for (int i = 0; i < count; ++i) {
      const std::string key = "k" + std::to_string(i);
      const std::string value = "v" + std::to_string(i);
      RecordToSend record{topic, key, value};
      record.partition = partition;
      const auto taken =
          producer.produce(record, [&](const Result<Delivery>& report) { delivered += report ? 1 : 0; });
      ASSERT_TRUE(taken) << taken.error().describe();
    }
    ASSERT_TRUE(producer.flush(soon()));
    EXPECT_EQ(delivered, count);
  }

  static void receive(Consumer& consumer, std::size_t count, std::vector<Received>& into) {
    const auto deadline = soon();
    while (into.size() < count && !deadline.expired()) {
      const auto batch = consumer.poll_batch(1000, deadline.no_later_than(std::chrono::milliseconds{200}));
      ASSERT_TRUE(batch) << batch.error().describe();
      for (const auto& record : batch->records()) {
        into.push_back({record.partition, record.offset, std::string(record.key.value_or("")),
                        record.value ? std::optional(std::string(*record.value)) : std::nullopt});
      }
    }
    EXPECT_EQ(into.size(), count);
  }
};

}  // namespace sluice::kafka::test
