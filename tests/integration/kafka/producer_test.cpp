// Records through the real broker: every record arrives in order or is reported, whatever happens.
#include <gmock/gmock.h>

#include "integration/kafka/pipe_fixture.h"

namespace sluice::kafka::test {
namespace {

using ::testing::ElementsAre;

class PipeCompressionTest : public PipeTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(PipeCompressionTest, Carries10000RecordsWithHeadersInOrder) {
  const auto topic = make_topic("pipe", 3);
  const auto producer = open_producer({{"compression.codec", GetParam()}});
  const auto trace = trace::TraceContext::generate();
  const auto traceparent = trace.to_header();
  std::atomic<int> delivered{0};
  for (int i = 0; i < 10'000; ++i) {
    const auto number = std::to_string(i);
    const std::vector<HeaderView> headers{{"n", number}, {"none", std::nullopt}, {"empty", ""},
                                          trace_header(traceparent)};
    const auto key = std::to_string(i % 100);
    const RecordToSend record{.topic = topic, .key = key, .value = number, .headers = headers};
    const auto taken = producer->produce(record, [&](const Result<Delivery>& report) {
      EXPECT_TRUE(report) << report.error().describe();
      delivered += report ? 1 : 0;
    });
    ASSERT_TRUE(taken) << taken.error().describe();
  }
  ASSERT_TRUE(producer->flush(soon()));
  EXPECT_EQ(delivered, 10'000);
  EXPECT_EQ(producer->in_flight(), 0U);

  Listener listener;
  const auto consumer = open_consumer(listener, topic);
  std::map<std::string, int, std::less<>> last_of_key;
  int received = 0;
  const auto deadline = soon();
  while (received < 10'000 && !deadline.expired()) {
    const auto batch = consumer->poll_batch(500, deadline);
    ASSERT_TRUE(batch) << batch.error().describe();
    EXPECT_LE(batch->records().size(), 500U);
    for (const auto& record : batch->records()) {
      ASSERT_THAT(record.headers,
                  ElementsAre(HeaderView{"n", record.value}, HeaderView{"none", std::nullopt},
                              HeaderView{"empty", ""}, HeaderView{"traceparent", traceparent}));
      EXPECT_EQ(trace_of(record.headers), trace);
      EXPECT_TRUE(record.timestamp);
      const int number = std::stoi(std::string(*record.value));
      const auto [seen, first] = last_of_key.try_emplace(std::string(*record.key), number);
      EXPECT_TRUE(first || number > seen->second);
      seen->second = number;
      ++received;
    }
  }
  EXPECT_EQ(received, 10'000);
  EXPECT_TRUE(consumer->close(soon()));
}

INSTANTIATE_TEST_SUITE_P(Codecs, PipeCompressionTest,
                         ::testing::Values("none", "gzip", "snappy", "lz4", "zstd"));

TEST_F(PipeTest, KeepsNullAndEmptyApart) {
  const auto topic = make_topic("nulls");
  const auto producer = open_producer();
  ASSERT_TRUE(producer->produce({topic, "tombstone", std::nullopt}, [](const auto&) {}));
  ASSERT_TRUE(producer->produce({topic, "empty", ""}, [](const auto&) {}));
  ASSERT_TRUE(producer->produce({topic, std::nullopt, "keyless"}, [](const auto&) {}));
  ASSERT_TRUE(producer->flush(soon()));
  Listener listener;
  const auto consumer = open_consumer(listener, topic);
  std::vector<Received> received;
  receive(*consumer, 3, received);
  EXPECT_EQ(received[0].value, std::nullopt);
  EXPECT_EQ(received[1].value, "");
  EXPECT_EQ(received[2].value, "keyless");
}

// The same key must meet the partition that Java's clients choose: murmur2("k0") etc.
TEST_F(PipeTest, PartitionsKeysAsJavaDoes) {
  const auto topic = make_topic("java", 3);
  const auto producer = open_producer();
  std::map<std::string, std::int32_t> partition_of;
  for (const std::string key : {"21", "foobar", "a-little-bit-long-string"}) {
    const auto report = [&, key](const Result<Delivery>& delivery) {
      partition_of[key] = delivery->partition;
    };
    ASSERT_TRUE(producer->produce({topic, key, "v"}, report));
  }
  ASSERT_TRUE(producer->flush(soon()));
  // Kafka's UtilsTest: murmur2 of these; its partitioner takes (hash & 0x7fffffff) % partitions.
  const auto expected = [](std::int32_t hash) { return (hash & 0x7fffffff) % 3; };
  EXPECT_EQ(partition_of["21"], expected(-973932308));
  EXPECT_EQ(partition_of["foobar"], expected(-790332482));
  EXPECT_EQ(partition_of["a-little-bit-long-string"], expected(-985981536));
}

TEST_F(PipeTest, AFullQueueSaysSoAtOnce) {
  const auto topic = make_topic("full");
  const auto producer = open_producer({{"queue.buffering.max.messages", "2"}, {"linger.ms", "2000"}});
  int reports = 0;
  const auto count = [&](const auto&) { ++reports; };
  EXPECT_TRUE(producer->produce({topic, "a", "1"}, count));
  EXPECT_TRUE(producer->produce({topic, "b", "2"}, count));
  const auto refused = producer->produce({topic, "c", "3"}, count);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "kafka.queue-full");
  EXPECT_TRUE(refused.error().retryable());
  ASSERT_TRUE(producer->flush(soon()));
  EXPECT_EQ(reports, 2);
}

TEST_F(PipeTest, RefusesWhatCanNotBeSent) {
  const auto producer = open_producer({{"message.max.bytes", "2000"}});
  const std::string large(3000, 'x');
  const auto refused = producer->produce({topic_name("x"), "k", large}, [](const auto&) {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "kafka.message-too-large");
  EXPECT_FALSE(producer->produce({"", "k", "v"}, [](const auto&) {}));
  EXPECT_FALSE(producer->produce({std::string(250, 't'), "k", "v"}, [](const auto&) {}));
  EXPECT_EQ(producer->in_flight(), 0U);
}

TEST_F(PipeTest, WarmUpTellsAnUnknownTopic) {
  const auto topic = make_topic("warm");
  const auto producer = open_producer();
  EXPECT_TRUE(producer->warm_up(std::vector{topic}, soon()));
  const auto unknown = producer->warm_up(std::vector{topic_name("cold")}, soon());
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, "kafka.unknown-topic");
}

TEST_F(PipeTest, EachRecordIsReportedWhenTheProducerEnds) {
  const auto topic = make_topic("dropped");
  auto producer = open_producer({{"linger.ms", "60000"}, {"message.timeout.ms", "90000"}});
  std::vector<ErrorKind> reports;
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(producer->produce({topic, "k", "v"}, [&](const Result<Delivery>& report) {
      reports.push_back(report ? ErrorKind::kInternal : report.error().kind);
    }));
  }
  producer.reset();
  EXPECT_EQ(reports, std::vector<ErrorKind>(10, ErrorKind::kCancelled));
}

TEST_F(PipeTest, AFatalErrorFailsWhatIsInFlightAndTheProducerGoesOn) {
  const auto topic = make_topic("fatal");
  const auto producer = open_producer({{"linger.ms", "2000"}});
  std::string lost_because;
  ASSERT_TRUE(producer->produce({topic, "k", "lost"}, [&](const Result<Delivery>& report) {
    lost_because = report ? "" : report.error().code;
  }));
  producer->fail_fatally_for_test();
  ASSERT_TRUE(producer->flush(soon()));
  EXPECT_EQ(lost_because, "kafka.client-fatal");
  std::atomic<int> delivered{0};
  const auto again = await(
      [&]() -> Result<bool> {
        const auto taken = producer->produce(
            {topic, "k", "kept"}, [&](const auto& report) { delivered += report ? 1 : 0; });
        EXPECT_EQ(taken ? "kafka.client-fatal" : taken.error().code, "kafka.client-fatal");
        return taken.has_value();
      },
      soon());
  EXPECT_TRUE(again);
  ASSERT_TRUE(producer->flush(soon()));
  EXPECT_EQ(delivered, 1);
}

}  // namespace
}  // namespace sluice::kafka::test
