#include "platform/kafka/record.h"

#include <gtest/gtest.h>

#include <vector>

#include "platform/kafka/admin.h"
#include "platform/kafka/detail/statistics.h"

namespace sluice::kafka {
namespace {

TEST(Headers, TheLastOneOfANameCounts) {
  const std::vector<HeaderView> headers{{"a", "1"}, {"b", "x"}, {"a", "2"}, {"a", std::nullopt}};
  EXPECT_EQ(find_header(headers, "a"), "2");
  EXPECT_EQ(find_header(headers, "c"), std::nullopt);
}

TEST(Headers, CarryTheTrace) {
  const auto trace = trace::TraceContext::generate();
  const auto text = trace.to_header();
  const std::vector<HeaderView> headers{{"x", "1"}, trace_header(text)};
  EXPECT_EQ(trace_of(headers), trace);
}

TEST(Headers, ATraceThatIsNoneIsIgnored) {
  EXPECT_EQ(trace_of({}), std::nullopt);
  const std::vector<HeaderView> headers{{"traceparent", "00-zz"}};
  EXPECT_EQ(trace_of(headers), std::nullopt);
}

Deadline at_once() { return Deadline::after(std::chrono::milliseconds{0}); }
Deadline later() { return Deadline::after(std::chrono::seconds{30}); }

TEST(Await, AsksAgainUntilItIsSeen) {
  int asked = 0;
  EXPECT_TRUE(await([&]() -> Result<bool> { return ++asked == 3; }, later()));
  EXPECT_EQ(asked, 3);
}

TEST(Await, AsksOnceEvenWhenTheDeadlineHasPassed) {
  EXPECT_TRUE(await([]() -> Result<bool> { return true; }, at_once()));
  const auto not_seen = await([]() -> Result<bool> { return false; }, at_once());
  ASSERT_FALSE(not_seen);
  EXPECT_EQ(not_seen.error().code, "kafka.not-visible");
}

TEST(Await, PassesTheLastErrorOn) {
  const auto failed = await(
      []() -> Result<bool> { return Error{ErrorKind::kNotFound, "kafka.unknown-topic", "", "", {}}; },
      at_once());
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, "kafka.unknown-topic");
}

TEST(Await, StopsWhenToldTo) {
  std::stop_source source;
  int asked = 0;
  const auto stopped = await(
      [&]() -> Result<bool> {
        if (++asked == 2) source.request_stop();
        return false;
      },
      later(), source.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, "kafka.cancelled");
}

constexpr std::string_view kDocument = R"({"msg_cnt":3,"replyq":1,"tx_bytes":100,"rx_bytes":50,
  "txmsgs":7,"rxmsgs":0,
  "brokers":{"b:1/bootstrap":{"nodeid":-1,"connects":1,"rtt":{"avg":9}},
             "b:1/1":{"nodeid":1,"connects":4,"waitresp_cnt":2,"rtt":{"avg":2500}}},
  "topics":{"t":{"partitions":{"0":{"consumer_lag_stored":12,"fetchq_cnt":4},
                               "1":{"consumer_lag_stored":-1,"fetchq_cnt":0},
                               "-1":{"consumer_lag_stored":-1}}}}})";

class StatisticsTest : public ::testing::Test {
 protected:
  bool shows(const std::string& line) { return registry_.render().find(line + "\n") != std::string::npos; }

  metrics::Registry registry_;
  detail::StatisticsMetrics statistics_{registry_, "relay"};
};

TEST_F(StatisticsTest, BecomeMetrics) {
  statistics_.observe(kDocument);
  EXPECT_TRUE(shows("kafka_client_sent_bytes_total{client=\"relay\"} 100"));
  EXPECT_TRUE(shows("kafka_client_connects_total{client=\"relay\"} 5"));
  EXPECT_TRUE(shows("kafka_client_queue_messages{client=\"relay\"} 3"));
  EXPECT_TRUE(shows("kafka_client_broker_rtt_seconds{client=\"relay\",broker=\"1\"} 0.0025"));
  EXPECT_TRUE(shows("kafka_consumer_lag_records{client=\"relay\",topic=\"t\",partition=\"0\"} 12"));
  EXPECT_TRUE(shows("kafka_consumer_lag_records{client=\"relay\",topic=\"t\",partition=\"1\"} 0"));
  EXPECT_EQ(registry_.render().find("partition=\"-1\""), std::string::npos);
}

TEST_F(StatisticsTest, TotalsAreCountedOnce) {
  statistics_.observe(kDocument);
  statistics_.observe(kDocument);
  EXPECT_TRUE(shows("kafka_client_sent_messages_total{client=\"relay\"} 7"));
}

TEST_F(StatisticsTest, WhatIsNoDocumentIsIgnored) {
  for (const std::string_view text : {"", "{", "[]", "null", R"({"brokers":3,"topics":[]})"}) {
    statistics_.observe(text);
  }
  EXPECT_TRUE(shows("kafka_client_sent_bytes_total{client=\"relay\"} 0"));
}

}  // namespace
}  // namespace sluice::kafka
