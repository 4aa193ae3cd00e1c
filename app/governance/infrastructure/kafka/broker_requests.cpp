#include "governance/infrastructure/kafka/broker_requests.h"

#include <algorithm>
#include <map>

namespace sluice::governance::infrastructure {
namespace {

std::map<std::string, std::string> plain(const std::map<std::string, std::string, std::less<>>& configs) {
  return {configs.begin(), configs.end()};
}

// Kafka says "the broker's default" as -1, the domain as 0.
std::int32_t count_or_default(std::int32_t count) { return count > 0 ? count : -1; }

}  // namespace

std::vector<kafka::NewTopic> to_new_topics(std::span<const domain::CreateProbe> probes) {
  std::vector<kafka::NewTopic> topics;
  topics.reserve(probes.size());
  for (const domain::CreateProbe& probe : probes) {
    const auto replicas = probe.replication_factor > 0 ? probe.replication_factor : kafka::kBrokerDefaultReplication;
    topics.push_back({probe.name.str(), count_or_default(probe.partitions), static_cast<std::int16_t>(replicas),
                      plain(probe.configs)});
  }
  return topics;
}

std::vector<kafka::NewPartitions> to_new_partitions(std::span<const domain::PartitionsProbe> probes) {
  std::vector<kafka::NewPartitions> changes;
  changes.reserve(probes.size());
  for (const domain::PartitionsProbe& probe : probes) changes.push_back({probe.name.str(), probe.total});
  return changes;
}

std::vector<kafka::ConfigChange> to_config_changes(std::span<const domain::ConfigProbe> probes) {
  std::vector<kafka::ConfigChange> changes;
  changes.reserve(probes.size());
  for (const domain::ConfigProbe& probe : probes) {
    changes.push_back({probe.name.str(), plain(probe.set), probe.unset});
  }
  return changes;
}

std::vector<std::string> to_texts(std::span<const domain::TopicName> names) {
  std::vector<std::string> texts;
  texts.reserve(names.size());
  for (const domain::TopicName& name : names) texts.push_back(name.str());
  return texts;
}

std::string kafka_name(const Error& error) {
  if (error.code == "kafka.unknown-topic") return "UNKNOWN_TOPIC_OR_PARTITION";
  std::string name = error.code.substr(error.code.find('.') + 1);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c); });
  return name;
}

}  // namespace sluice::governance::infrastructure
