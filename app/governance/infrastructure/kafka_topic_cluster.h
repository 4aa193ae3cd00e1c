// TopicCluster on a real cluster, through the admin client. Requests grow with batches, not topics.
#pragma once

#include <chrono>
#include <cstddef>

#include "governance/domain/repository/topic_cluster.h"
#include "platform/kafka/admin.h"

namespace sluice::governance::infrastructure {

struct KafkaTopicClusterOptions {
  // Groups looked at when a plan has to name consumers: a cluster with more is refused rather than
  // half looked at.
  std::size_t max_groups = 1000;
  std::chrono::milliseconds call_deadline{10'000};  // of each admin call, within the caller's own
};

class KafkaTopicCluster final : public domain::TopicCluster {
 public:
  KafkaTopicCluster(kafka::Admin& admin, KafkaTopicClusterOptions options) : admin_(admin), options_(options) {}

  Result<std::string> cluster_id(Deadline deadline) override;
  Result<std::vector<domain::TopicName>> list(Deadline deadline) override;
  Result<domain::ClusterState> read(std::span<const domain::TopicName> names, Deadline deadline) override;
  Result<std::map<domain::TopicName, std::vector<domain::GroupUse>>> groups_of(
      std::span<const domain::TopicName> names, Deadline deadline) override;
  Result<std::map<domain::TopicName, std::int64_t>> records_of(std::span<const domain::TopicName> names,
                                                               Deadline deadline) override;
  Result<domain::ReplicaLayout> layout_of(std::span<const domain::TopicName> names, Deadline deadline) override;
  Result<std::vector<domain::BrokerVerdict>> validate(const domain::Probes& probes, Deadline deadline) override;
  Result<bool> await_existence(std::span<const std::pair<domain::TopicName, bool>> expected,
                               Deadline deadline) override;
  Result<std::map<domain::TopicName, domain::TopicDetails>> describe(std::span<const domain::TopicName> names,
                                                                     Deadline deadline) override;

 private:
  using Descriptions = std::map<std::string, kafka::TopicDescription>;

  Result<domain::ClusterState> brokers(Deadline deadline);
  Result<Descriptions> existing(std::span<const std::string> names, Deadline deadline);
  Result<kafka::ConfigEntries> broker_configs(const kafka::Cluster& cluster, Deadline deadline);
  Status add_topics(domain::ClusterState& state, const Descriptions& topics, Deadline deadline);

  [[nodiscard]] Deadline call(Deadline whole) const { return whole.no_later_than(options_.call_deadline); }

  kafka::Admin& admin_;
  KafkaTopicClusterOptions options_;
};

}  // namespace sluice::governance::infrastructure
