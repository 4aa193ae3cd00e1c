// A real cluster behind governance's ports.
#pragma once

#include <memory>

#include "governance/infrastructure/kafka/kafka_topic_writer.h"
#include "governance/infrastructure/kafka_topic_cluster.h"
#include "platform/kafka/admin.h"
#include "support/servers.h"

namespace sluice::test {

struct Kafka {
  // `server` is the variable that names the servers.
  explicit Kafka(const char* server)
      : admin(kafka::Admin::open(
                  {.properties = {{"bootstrap.servers", test_server(server)}}, .role = "test", .metrics = metrics})
                  .value()) {}

  metrics::Registry metrics;
  std::unique_ptr<kafka::Admin> admin;
  governance::infrastructure::KafkaTopicCluster cluster{*admin, {}};
  governance::infrastructure::KafkaTopicWriter writer{*admin, {}};
};

}  // namespace sluice::test
