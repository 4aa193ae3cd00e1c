// The suite that the model passes, on real brokers.
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "governance/infrastructure/kafka/kafka_topic_writer.h"
#include "governance/infrastructure/kafka_topic_cluster.h"
#include "platform/core/id_source.h"
#include "platform/kafka/admin.h"
#include "support/servers.h"
#include "support/topic_cluster_suite.h"

namespace sluice::test {
namespace {

// A client asks its first question a second late: all tests of a cluster share one.
struct Client {
  explicit Client(const char* server_key)
      : admin(kafka::Admin::open({.properties = {{"bootstrap.servers", test_server(server_key)}},
                                  .role = "test",
                                  .metrics = metrics})
                  .value()) {}
  metrics::Registry metrics;
  std::unique_ptr<kafka::Admin> admin;
  governance::infrastructure::KafkaTopicCluster cluster{*admin, {}};
  governance::infrastructure::KafkaTopicWriter writer{*admin, {}};
};

// Topics named by name() are deleted at the end.
class KafkaStore {
 public:
  explicit KafkaStore(Client& client) : client_(client) {}
  ~KafkaStore() {
    const std::vector<std::string> names(names_.begin(), names_.end());
    (void)client_.admin->delete_topics(names, suite_deadline());
  }
  KafkaStore(const KafkaStore&) = delete;
  KafkaStore& operator=(const KafkaStore&) = delete;

  governance::domain::TopicCluster& cluster() { return client_.cluster; }
  governance::domain::TopicWriter& writer() { return client_.writer; }
  std::string name(const std::string& suffix) {
    return *names_.insert("t-" + run_ + "-" + suffix).first;
  }

 private:
  Client& client_;
  const std::string run_ = random_hex(4);
  std::set<std::string> names_;
};

Client& one_broker() {
  static Client client("SLUICE_TEST_KAFKA");
  return client;
}
Client& three_brokers() {
  static Client client("SLUICE_TEST_KAFKA3");
  return client;
}

struct OneBroker : KafkaStore {
  static constexpr std::int32_t kBrokers = 1;
  OneBroker() : KafkaStore(one_broker()) {}
};
struct ThreeBrokers : KafkaStore {
  static constexpr std::int32_t kBrokers = 3;
  ThreeBrokers() : KafkaStore(three_brokers()) {}
};
INSTANTIATE_TYPED_TEST_SUITE_P(OneKafkaBroker, TopicClusterSuite, OneBroker);
INSTANTIATE_TYPED_TEST_SUITE_P(ThreeKafkaBrokers, TopicClusterSuite, ThreeBrokers);

}  // namespace
}  // namespace sluice::test
