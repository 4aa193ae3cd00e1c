#include "governance/infrastructure/kafka_topic_cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "governance/domain/topic/config_value.h"
#include "governance/infrastructure/kafka/broker_requests.h"
#include "governance/infrastructure/kafka/group_uses.h"
#include "governance/infrastructure/kafka/replica_layout.h"

namespace sluice::governance::infrastructure {
namespace {

using ConfigMap = std::map<std::string, std::string, std::less<>>;

ConfigMap values_of(const kafka::ConfigEntries& entries) {
  ConfigMap values;
  for (const kafka::ConfigEntry& entry : entries) {
    if (entry.value) values.emplace(entry.name, *entry.value);
  }
  return values;
}

std::optional<std::int32_t> number(const ConfigMap& values, std::string_view key) {
  const auto text = values.find(key);
  if (text == values.end()) return std::nullopt;
  std::int32_t value = 0;
  const char* end = text->second.data() + text->second.size();
  const auto parsed = std::from_chars(text->second.data(), end, value);
  return parsed.ec == std::errc{} && value > 0 ? std::optional(value) : std::nullopt;
}

// What would be in force without the topic's own setting: the next synonym in Kafka's chain, or,
// where the chain stops short (retention.ms has no synonym at its default), what brokers say.
std::optional<std::string> fallback_of(const kafka::ConfigEntry& entry, const domain::ClusterState& state) {
  for (const kafka::ConfigSynonym& synonym : entry.synonyms) {
    if (synonym.source != kafka::ConfigSource::kTopic && synonym.value) {
      const auto in_topic_terms = domain::topic_defaults_from_broker({{synonym.name, *synonym.value}});
      const auto found = in_topic_terms.find(entry.name);
      return found == in_topic_terms.end() ? *synonym.value : found->second;
    }
  }
  const auto found = state.defaults.find(entry.name);
  return found == state.defaults.end() ? std::nullopt : std::optional(found->second);
}

domain::LiveConfig live_config(const kafka::ConfigEntry& entry, const domain::ClusterState& state) {
  const bool own = entry.source == kafka::ConfigSource::kTopic;
  return {entry.value.value_or(""), own ? domain::ValueSource::kTopic : domain::ValueSource::kBroker,
          own ? fallback_of(entry, state) : entry.value};
}

domain::LiveTopic live_topic(const kafka::TopicDescription& description, kafka::ConfigEntries configs,
                             const domain::ClusterState& state) {
  domain::LiveTopic topic;
  topic.topic_id = description.topic_id;
  topic.internal = description.internal;
  topic.partitions = static_cast<std::int32_t>(description.partitions.size());
  // A reassignment under way shows more replicas than intended: the smallest set is the factor.
  for (const kafka::PartitionDescription& partition : description.partitions) {
    const auto replicas = static_cast<std::int32_t>(partition.replicas.size());
    topic.replication_factor =
        topic.replication_factor == 0 ? replicas : std::min(topic.replication_factor, replicas);
  }
  for (kafka::ConfigEntry& entry : configs) {  // by name
    domain::LiveConfig live = live_config(entry, state);
    topic.configs.emplace_hint(topic.configs.end(), std::move(entry.name), std::move(live));
  }
  return topic;
}

// A refusal is a verdict; a broker that did not answer is none.
bool is_verdict(const Error& error) { return !error.retryable() && error.kind != ErrorKind::kInternal; }

// A name that Kafka can't hold is not there either; validate_only says what is wrong with it.
bool is_absence(const Error& error) {
  return error.kind == ErrorKind::kNotFound || error.code == "kafka.invalid-topic";
}

// One topic's failure ends the read of all: it must say which.
Error about(const std::string& name, Error error) {
  error.message = fmt::format("topic '{}': {}", name, error.message);
  return error;
}

template <typename Probe>
Status add_verdicts(std::vector<domain::BrokerVerdict>& verdicts, const std::vector<Probe>& probes,
                    domain::BrokerCall call, const kafka::ItemResults<void>& answers) {
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const Result<void>& answer = answers[i];
    if (!answer && !is_verdict(answer.error())) return Error(answer.error());
    verdicts.push_back({probes[i].name, call, answer.has_value(),
                        answer ? std::string() : kafka_name(answer.error()),
                        answer ? std::string() : answer.error().message});
  }
  return {};
}

}  // namespace

Result<KafkaTopicCluster::Descriptions> KafkaTopicCluster::existing(std::span<const std::string> names,
                                                                    Deadline deadline) {
  Descriptions found;
  auto answers = admin_.describe_topics(names, call(deadline));
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!answers[i] && is_absence(answers[i].error())) continue;
    if (!answers[i]) return about(names[i], std::move(answers[i]).error());
    found.emplace(names[i], std::move(*answers[i]));
  }
  return found;
}

Result<kafka::ConfigEntries> KafkaTopicCluster::broker_configs(const kafka::Cluster& cluster,
                                                              Deadline deadline) {
  if (cluster.brokers.empty()) {
    return Error{ErrorKind::kUnavailable, "cluster.no-brokers", "The cluster names no broker.",
                 "Check that the brokers run and that bootstrap.servers points at them.", {}};
  }
  return admin_.describe_broker_configs(cluster.brokers.front().id, call(deadline));
}

Status KafkaTopicCluster::add_topics(domain::ClusterState& state, const Descriptions& topics, Deadline deadline) {
  std::vector<std::string> present;
  for (const auto& [name, description] : topics) present.push_back(name);
  auto configs = admin_.describe_topic_configs(present, call(deadline));
  for (std::size_t i = 0; i < present.size(); ++i) {
    // Deleted between the two reads: it does not exist.
    if (!configs[i] && configs[i].error().kind == ErrorKind::kNotFound) continue;
    if (!configs[i]) return std::move(configs[i]).error();
    state.topics.emplace(domain::TopicName{present[i]},
                         live_topic(topics.at(present[i]), std::move(*configs[i]), state));
  }
  return {};
}

Result<std::string> KafkaTopicCluster::cluster_id(Deadline deadline) {
  SLUICE_TRY(kafka::Cluster cluster, admin_.cluster(call(deadline)));
  return std::move(cluster.cluster_id);
}

Result<std::vector<domain::TopicName>> KafkaTopicCluster::list(Deadline deadline) {
  SLUICE_TRY(auto texts, admin_.list_topics(call(deadline)));
  std::vector<domain::TopicName> names;
  names.reserve(texts.size());
  for (std::string& text : texts) names.emplace_back(std::move(text));
  return names;
}

// What there is without any topic.
Result<domain::ClusterState> KafkaTopicCluster::brokers(Deadline deadline) {
  SLUICE_TRY(const kafka::Cluster cluster, admin_.cluster(call(deadline)));
  SLUICE_TRY(const kafka::ConfigEntries entries, broker_configs(cluster, deadline));
  domain::ClusterState state;
  state.cluster_id = cluster.cluster_id;
  state.broker_count = static_cast<std::int32_t>(cluster.brokers.size());
  const ConfigMap broker = values_of(entries);
  state.defaults = domain::topic_defaults_from_broker(broker);
  state.default_partitions = number(broker, "num.partitions");
  state.default_replication_factor = number(broker, "default.replication.factor");
  return state;
}

Result<domain::ClusterState> KafkaTopicCluster::read(std::span<const domain::TopicName> names, Deadline deadline) {
  SLUICE_TRY(domain::ClusterState state, brokers(deadline));
  SLUICE_TRY(const Descriptions descriptions, existing(to_texts(names), deadline));
  SLUICE_CHECK(add_topics(state, descriptions, deadline));
  return state;
}

Result<std::map<domain::TopicName, std::vector<domain::GroupUse>>> KafkaTopicCluster::groups_of(
    std::span<const domain::TopicName> names, Deadline deadline) {
  return read_group_uses(admin_, names, {options_.max_groups, options_.call_deadline}, deadline);
}

Result<std::map<domain::TopicName, std::int64_t>> KafkaTopicCluster::records_of(
    std::span<const domain::TopicName> names, Deadline deadline) {
  SLUICE_TRY(const auto topics, existing(to_texts(names), deadline));
  std::vector<kafka::TopicPartition> partitions;
  for (const auto& [name, description] : topics) {
    for (const kafka::PartitionDescription& partition : description.partitions) {
      partitions.push_back({name, partition.id});
    }
  }
  const auto first = admin_.list_offsets(partitions, kafka::OffsetAt::kEarliest, call(deadline));
  const auto last = admin_.list_offsets(partitions, kafka::OffsetAt::kLatest, call(deadline));
  std::map<domain::TopicName, std::int64_t> records;
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    if (!first[i]) return about(partitions[i].topic, Error(first[i].error()));
    if (!last[i]) return about(partitions[i].topic, Error(last[i].error()));
    records[domain::TopicName{partitions[i].topic}] += std::max<std::int64_t>(0, *last[i] - *first[i]);
  }
  return records;
}

Result<domain::ReplicaLayout> KafkaTopicCluster::layout_of(std::span<const domain::TopicName> names,
                                                          Deadline deadline) {
  return read_replica_layout(admin_, names, options_.call_deadline, deadline);
}

Result<std::vector<domain::BrokerVerdict>> KafkaTopicCluster::validate(const domain::Probes& probes,
                                                                       Deadline deadline) {
  constexpr auto kDryRun = kafka::ValidateOnly::kYes;
  std::vector<domain::BrokerVerdict> verdicts;
  SLUICE_CHECK(add_verdicts(verdicts, probes.creates, domain::BrokerCall::kCreateTopic,
                            admin_.create_topics(to_new_topics(probes.creates), kDryRun, call(deadline))));
  SLUICE_CHECK(add_verdicts(verdicts, probes.partitions, domain::BrokerCall::kCreatePartitions,
                            admin_.create_partitions(to_new_partitions(probes.partitions), kDryRun,
                                                     call(deadline))));
  SLUICE_CHECK(add_verdicts(verdicts, probes.configs, domain::BrokerCall::kAlterConfigs,
                            admin_.incremental_alter_configs(to_config_changes(probes.configs), kDryRun,
                                                             call(deadline))));
  return verdicts;
}

Result<bool> KafkaTopicCluster::await_existence(
    std::span<const std::pair<domain::TopicName, bool>> expected, Deadline deadline) {
  std::vector<std::string> names;
  for (const auto& [name, exists] : expected) names.push_back(name.str());
  const auto settled = kafka::await(
      [&]() -> Result<bool> {
        // As read() does it: a topic whose configs can't be described yet is not there for it.
        domain::ClusterState seen;
        SLUICE_TRY(const Descriptions described, existing(names, deadline));
        SLUICE_CHECK(add_topics(seen, described, deadline));
        return std::all_of(expected.begin(), expected.end(), [&](const auto& entry) {
          return seen.topics.contains(entry.first) == entry.second;
        });
      },
      deadline);
  if (!settled && settled.error().code != "kafka.not-visible") return Error(settled.error());
  return settled.has_value();
}

Result<std::map<domain::TopicName, domain::TopicDetails>> KafkaTopicCluster::describe(
    std::span<const domain::TopicName> names, Deadline deadline) {
  std::map<domain::TopicName, domain::TopicDetails> topics;
  SLUICE_TRY(const Descriptions descriptions, existing(to_texts(names), deadline));
  if (descriptions.empty()) return topics;  // nothing that brokers' defaults would apply to
  SLUICE_TRY(domain::ClusterState state, brokers(deadline));
  SLUICE_CHECK(add_topics(state, descriptions, deadline));
  for (auto& [name, topic] : state.topics) {
    domain::TopicDetails details{std::move(topic), {}};
    for (const kafka::PartitionDescription& partition : descriptions.at(name.str()).partitions) {
      details.partitions.push_back({partition.id, partition.leader, partition.replicas, partition.isr});
    }
    topics.emplace(name, std::move(details));
  }
  return topics;
}

}  // namespace sluice::governance::infrastructure
