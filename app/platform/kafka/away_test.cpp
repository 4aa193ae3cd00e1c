// A broker that is away: a request that waits for it keeps its deadline and asks for it gently (X3).
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <memory>

#include "platform/kafka/admin.h"

namespace sluice::kafka {
namespace {

constexpr std::chrono::milliseconds kAsked{1'500};

TEST(BrokerThatIsAway, IsNotAskedInABusyLoop) {
  char text[256];
  const std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)> host(
      rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), text, sizeof(text)), &rd_kafka_destroy);
  ASSERT_TRUE(host) << text;
  const std::unique_ptr<rd_kafka_mock_cluster_t, decltype(&rd_kafka_mock_cluster_destroy)> cluster(
      rd_kafka_mock_cluster_new(host.get(), 1), &rd_kafka_mock_cluster_destroy);
  metrics::Registry metrics;
  const auto admin = Admin::open({.properties = {{"bootstrap.servers", rd_kafka_mock_cluster_bootstraps(cluster.get())},
                                                 {"statistics.interval.ms", "100"}},
                                  .role = "test",
                                  .metrics = metrics});
  ASSERT_TRUE(admin) << admin.error().describe();
  ASSERT_TRUE((*admin)->list_topics(Deadline::after(std::chrono::seconds{30}))) << "the broker is known by its id";

  ASSERT_EQ(rd_kafka_mock_broker_set_down(cluster.get(), 1), RD_KAFKA_RESP_ERR_NO_ERROR);
  const auto asked = (*admin)->describe_broker_configs(1, Deadline::after(kAsked));
  ASSERT_FALSE(asked);
  EXPECT_TRUE(asked.error().retryable()) << asked.error().describe();
  const double connects = metrics.counter("kafka_client_connects_total", "", {"client"}).with({"test"}).value();
  EXPECT_GE(connects, 2);
  EXPECT_LE(connects, 100) << "one in 75 to 150 ms is about twenty";
}

}  // namespace
}  // namespace sluice::kafka
