#include "support/model/broker.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sluice::test::model {
namespace {

namespace domain = governance::domain;
using domain::TopicName;

constexpr std::size_t kMostInARequest = 10'000;  // partitions, and records of metadata

Answer invalid_config(std::string words) { return Refusal{"INVALID_CONFIG", std::move(words)}; }

Answer bad_name(const TopicName& topic) {
  const std::string& name = topic.str();
  const auto refused = [](std::string why) {
    return Refusal{"INVALID_TOPIC", "Topic name is invalid: " + std::move(why)};
  };
  if (name == "." || name == "..") return refused(fmt::format("'{}' is not allowed", name));
  if (name.size() > domain::kMaxTopicName) {
    return refused(fmt::format("the length of '{}' is longer than the max allowed length {}", name,
                               domain::kMaxTopicName));
  }
  if (domain::is_kafka_name(name)) return std::nullopt;
  return refused(fmt::format(
      "'{}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'", name));
}

Answer collision(const Topics& topics, const TopicName& name) {
  if (name.view().find_first_of("._") == std::string_view::npos) return std::nullopt;
  const std::string folded = domain::folded(name.view());
  for (const auto& [other, topic] : topics) {
    if (domain::folded(other.view()) != folded) continue;
    return Refusal{"INVALID_TOPIC", fmt::format("Topic '{}' collides with existing topic: {}", name.str(),
                                                other.str())};
  }
  return std::nullopt;
}

Answer too_many_replicas(std::int32_t factor, std::int32_t brokers) {
  return Refusal{"INVALID_REPLICATION_FACTOR",
                 fmt::format("Unable to replicate the partition {} time(s): The target replication factor of {} "
                             "cannot be reached because only {} broker(s) are registered or some brokers have "
                             "all their log directories cordoned.",
                             factor, factor, brokers)};
}

// One request has one fate.
Answer too_large(std::size_t partitions, std::size_t records) {
  if (partitions > kMostInARequest) {
    return Refusal{"POLICY_VIOLATION", "Excessively large number of partitions per request."};
  }
  if (records > kMostInARequest) {
    return Refusal{"POLICY_VIOLATION", "Unable to perform excessively large batch operation."};
  }
  return std::nullopt;
}

template <typename Probes, typename Judge>
Answers judged(const Probes& probes, Judge judge) {
  Answers answers;
  answers.reserve(probes.size());
  for (const auto& probe : probes) answers.push_back(judge(probe));
  return answers;
}

void store(Configs& own, const Configs& set, const std::vector<std::string>& unset) {
  for (const auto& [key, value] : set) own.insert_or_assign(key, value);
  for (const std::string& key : unset) own.erase(key);
}

}  // namespace

Broker::Broker(BrokerOptions options) : options_(std::move(options)), defaults_(kafka_defaults()) {
  for (const auto& [key, value] : options_.defaults) defaults_.insert_or_assign(key, value);
}

Answer Broker::judge(const domain::CreateProbe& probe) const {
  if (auto refused = bad_name(probe.name)) return refused;
  if (topics_.contains(probe.name)) {
    return Refusal{"TOPIC_ALREADY_EXISTS", fmt::format("Topic '{}' already exists.", probe.name.str())};
  }
  if (auto refused = collision(topics_, probe.name)) return refused;
  if (auto words = refusal_of(probe.configs)) return invalid_config(std::move(*words));
  if (probe.replication_factor > options_.brokers) {
    return too_many_replicas(probe.replication_factor, options_.brokers);
  }
  return std::nullopt;
}

std::size_t Broker::partitions_of(const domain::CreateProbe& probe) const {
  return static_cast<std::size_t>(probe.partitions > 0 ? probe.partitions : options_.default_partitions);
}

Answers Broker::create(const std::vector<domain::CreateProbe>& topics, ForReal for_real) {
  std::size_t partitions = 0;
  std::size_t records = 0;
  Answers answers = judged(topics, [&](const auto& probe) { return judge(probe); });
  for (std::size_t i = 0; i < topics.size(); ++i) {
    partitions += partitions_of(topics[i]);
    if (!answers[i]) records += 1 + partitions_of(topics[i]) + topics[i].configs.size();
  }
  if (const auto refused = too_large(partitions, records)) return Answers(topics.size(), refused);
  for (std::size_t i = 0; i < topics.size(); ++i) {
    if (!answers[i] && for_real == ForReal::kYes) add(topics[i]);
  }
  return answers;
}

std::vector<std::int32_t> Broker::next_replicas(std::int32_t count) {
  std::vector<std::int32_t> replicas;
  for (std::int32_t i = 0; i < count; ++i) replicas.push_back(1 + (next_broker_ + i) % options_.brokers);
  next_broker_ = (next_broker_ + 1) % options_.brokers;
  return replicas;
}

void Broker::add(const domain::CreateProbe& probe) {
  Topic topic;
  topic.id = fmt::format("model-{:016}", ++created_);
  topic.configs = probe.configs;
  const auto factor =
      probe.replication_factor > 0 ? probe.replication_factor : options_.default_replication_factor;
  for (std::size_t i = partitions_of(probe); i > 0; --i) {
    topic.partitions.push_back({next_replicas(factor), {}, 0});
  }
  topics_.emplace(probe.name, std::move(topic));
}

Answer Broker::judge(const domain::PartitionsProbe& probe) const {
  const auto found = topics_.find(probe.name);
  if (found == topics_.end()) {
    return Refusal{"UNKNOWN_TOPIC_OR_PARTITION", "Broker: Unknown topic or partition"};
  }
  const auto now = static_cast<std::int32_t>(found->second.partitions.size());
  if (probe.total == now) {
    return Refusal{"INVALID_PARTITIONS", fmt::format("Topic already has {} partition(s).", now)};
  }
  if (probe.total > now) return std::nullopt;
  return Refusal{"INVALID_PARTITIONS",
                 fmt::format("The topic {} currently has {} partition(s); {} would not be an increase.",
                             probe.name.str(), now, probe.total)};
}

Answers Broker::grow(const std::vector<domain::PartitionsProbe>& topics, ForReal for_real) {
  Answers answers = judged(topics, [&](const auto& probe) { return judge(probe); });
  for (std::size_t i = 0; i < topics.size(); ++i) {
    if (answers[i] || for_real == ForReal::kNo) continue;
    auto& partitions = topics_.at(topics[i].name).partitions;
    const Partition& first = partitions.front();  // also while it moves
    const auto& replicas = first.moving_to.empty() ? first.replicas : first.moving_to;
    const auto factor = static_cast<std::int32_t>(replicas.size());
    while (partitions.size() < static_cast<std::size_t>(topics[i].total)) {
      partitions.push_back({next_replicas(factor), {}, 0});
    }
  }
  return answers;
}

// The values first, as the broker does; removing a key that nobody knows is fine with it.
Answer Broker::judge(const domain::ConfigProbe& probe) const {
  if (auto refused = bad_name(probe.name)) return refused;
  const auto found = topics_.find(probe.name);
  Configs after = found == topics_.end() ? Configs{} : found->second.configs;
  store(after, probe.set, probe.unset);
  if (auto words = refusal_of(after)) return invalid_config(std::move(*words));
  if (found != topics_.end()) return std::nullopt;
  return Refusal{"UNKNOWN_TOPIC_OR_PARTITION", fmt::format("The topic '{}' does not exist.", probe.name.str())};
}

Answers Broker::alter(const std::vector<domain::ConfigProbe>& topics, ForReal for_real) {
  Answers answers = judged(topics, [&](const auto& probe) { return judge(probe); });
  for (std::size_t i = 0; i < topics.size(); ++i) {
    if (answers[i] || for_real == ForReal::kNo) continue;
    store(topics_.at(topics[i].name).configs, topics[i].set, topics[i].unset);
  }
  return answers;
}

Answer Broker::remove(const TopicName& topic) {
  if (topics_.erase(topic) > 0) return std::nullopt;
  return Refusal{"UNKNOWN_TOPIC_OR_PARTITION", "Broker: Unknown topic or partition"};
}

Answer Broker::reassign(const domain::ReplicaMove& move) {
  const auto refused = [](std::string words) {
    return Refusal{"INVALID_REPLICA_ASSIGNMENT", "The manual partition assignment includes " + std::move(words)};
  };
  const auto found = topics_.find(move.topic);
  if (found == topics_.end()) {
    return Refusal{"UNKNOWN_TOPIC_OR_PARTITION",
                   fmt::format("Unable to find a topic named {}.", move.topic.str())};
  }
  auto& partitions = found->second.partitions;
  if (move.partition < 0 || static_cast<std::size_t>(move.partition) >= partitions.size()) {
    return Refusal{"UNKNOWN_TOPIC_OR_PARTITION",
                   fmt::format("Unable to find partition {}:{}.", move.topic.str(), move.partition)};
  }
  if (move.replicas.empty()) return refused("an empty replica list.");
  std::set<std::int32_t> seen;
  for (const std::int32_t broker : move.replicas) {
    if (!seen.insert(broker).second) return refused(fmt::format("the broker {} more than once.", broker));
  }
  for (const std::int32_t broker : move.replicas) {
    if (broker >= 1 && broker <= options_.brokers) continue;
    return refused(fmt::format("broker {}, but no such broker is registered.", broker));
  }
  auto& partition = partitions[static_cast<std::size_t>(move.partition)];
  partition.moving_to = partition.replicas == move.replicas ? std::vector<std::int32_t>{} : move.replicas;
  return std::nullopt;
}

std::int64_t Broker::move_on(const std::vector<TopicName>& topics, std::int64_t partitions) {
  std::int64_t left = 0;
  for (const TopicName& name : topics) {
    const auto found = topics_.find(name);
    if (found == topics_.end()) continue;
    for (Partition& partition : found->second.partitions) {
      if (partition.moving_to.empty()) continue;
      if (partitions-- > 0) {
        partition.replicas = std::exchange(partition.moving_to, {});
      } else {
        ++left;
      }
    }
  }
  return left;
}

}  // namespace sluice::test::model
