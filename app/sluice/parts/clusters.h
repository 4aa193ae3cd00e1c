// The Kafka clusters that the configuration names, and which environment lives on which.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "governance/application/catalogue/live_topics.h"
#include "governance/application/environments.h"
#include "governance/infrastructure/kafka/kafka_consumption_reader.h"
#include "governance/infrastructure/kafka/kafka_topic_writer.h"
#include "governance/infrastructure/kafka_topic_cluster.h"
#include "platform/kafka/admin.h"
#include "sluice/parts/part.h"

namespace sluice::parts {

class Clusters final : public Part {
 private:
  struct Built {};  // only build() can make one

 public:
  Clusters(Built, const Clock& clock);
  ~Clusters() override;
  // Opens no connection; fails on wrong properties.
  static Result<std::unique_ptr<Clusters>> build(const Foundation& foundation);

  [[nodiscard]] const governance::application::Environments& environments() const { return *environments_; }
  // Of all clusters.
  [[nodiscard]] governance::application::LiveTopics& live_topics() { return live_topics_; }
  void add_health_checks(tasks::Health& health) override;

 private:
  struct Cluster;

  Status open(const Foundation& foundation);
  Result<Cluster*> open_cluster(const Foundation& foundation, const std::string& name,
                                const config::Kafka& kafka);

  governance::application::LiveTopics live_topics_;
  std::vector<std::unique_ptr<Cluster>> clusters_;  // that of `kafka` first
  std::unique_ptr<governance::application::Environments> environments_;
};

}  // namespace sluice::parts
