#include "sluice/parts/clusters.h"

#include <algorithm>

#include "governance/application/catalogue/forgetting_writer.h"
#include "sluice/kafka_properties.h"

namespace sluice::parts {

using governance::application::GovernedEnvironment;
using governance::domain::EnvironmentName;

namespace {

constexpr const char* kMain = "kafka";

// Another cluster is like the main one but for what its own entry says.
config::Kafka as_kafka(const config::Cluster& cluster, config::Kafka main) {
  main.properties = cluster.properties;
  return main;
}

// "https://akhq.example/ui/prod/" is the same page without its slash.
std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

struct Clusters::Cluster {
  std::string name;
  std::unique_ptr<kafka::Admin> admin;
  std::unique_ptr<governance::infrastructure::KafkaTopicCluster> topics;
  std::unique_ptr<governance::infrastructure::KafkaTopicWriter> kafka_writer;
  std::unique_ptr<governance::application::ForgettingWriter> writer;
  std::unique_ptr<governance::infrastructure::KafkaConsumptionReader> consumption;
};

Clusters::Clusters(Built, const Clock& clock) : live_topics_(clock) {}
Clusters::~Clusters() = default;

Result<std::unique_ptr<Clusters>> Clusters::build(const Foundation& foundation) {
  auto clusters = std::make_unique<Clusters>(Built{}, foundation.clock);
  SLUICE_CHECK(clusters->open(foundation));
  return clusters;
}

Status Clusters::open(const Foundation& foundation) {
  const config::Config& config = foundation.config;
  SLUICE_TRY(Cluster * main, open_cluster(foundation, kMain, config.kafka));
  std::vector<GovernedEnvironment> environments;
  for (const std::string& name : config.governance.environments) {
    environments.push_back({EnvironmentName{name}, main->name, config.governance.expected_cluster_id,
                            contains(config.governance.protected_environments, name), main->topics.get(), main->writer.get(),
                            main->consumption.get(), without_slash(config.governance.akhq_url),
                            config.governance.reassignment_throttle_bytes_per_s});
  }
  for (const auto& [name, settings] : config.clusters) {
    SLUICE_TRY(Cluster * cluster, open_cluster(foundation, name, as_kafka(settings, config.kafka)));
    for (GovernedEnvironment& environment : environments) {
      if (!contains(settings.environments, environment.name.str())) continue;
      environment.cluster_name = name;
      environment.expected_cluster_id = settings.expected_cluster_id;
      environment.cluster = cluster->topics.get();
      environment.writer = cluster->writer.get();
      environment.consumption = cluster->consumption.get();
      environment.akhq_url = without_slash(settings.akhq_url);
    }
  }
  environments_ = std::make_unique<governance::application::Environments>(std::move(environments));
  return {};
}

Result<Clusters::Cluster*> Clusters::open_cluster(const Foundation& foundation, const std::string& name,
                                                  const config::Kafka& kafka) {
  auto cluster = std::make_unique<Cluster>();
  cluster->name = name;
  SLUICE_TRY(cluster->admin,
             kafka::Admin::open({.properties = kafka_properties(kafka),
                                 .role = name == kMain ? "governance" : "governance-" + name,
                                 .metrics = foundation.metrics,
                                 .logger = foundation.logger.module("kafka")}));
  cluster->topics = std::make_unique<governance::infrastructure::KafkaTopicCluster>(
      *cluster->admin, governance::infrastructure::KafkaTopicClusterOptions{
                           .max_groups = foundation.config.governance.max_groups, .call_deadline = kafka.call_deadline});
  cluster->kafka_writer = std::make_unique<governance::infrastructure::KafkaTopicWriter>(
      *cluster->admin, governance::infrastructure::KafkaTopicWriterOptions{.call_deadline = kafka.call_deadline});
  cluster->writer = std::make_unique<governance::application::ForgettingWriter>(*cluster->kafka_writer, live_topics_,
                                                                               *cluster->topics);
  cluster->consumption = std::make_unique<governance::infrastructure::KafkaConsumptionReader>(
      *cluster->admin, governance::infrastructure::GroupLimits{.max_groups = foundation.config.governance.max_groups,
                                                               .call_deadline = kafka.call_deadline});
  clusters_.push_back(std::move(cluster));
  return clusters_.back().get();
}

void Clusters::add_health_checks(tasks::Health& health) {
  for (const auto& cluster : clusters_) {
    health.add({.name = cluster->name == kMain ? kMain : "kafka-" + cluster->name,
                .need = tasks::Need::kRequired,
                .run = [admin = cluster->admin.get()](Deadline deadline) -> Status {
                  const auto answer = admin->cluster(deadline);
                  return answer ? Status() : Status(Error(answer.error()));
                }});
  }
}

}  // namespace sluice::parts
