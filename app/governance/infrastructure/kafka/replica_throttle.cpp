#include "governance/infrastructure/kafka/replica_throttle.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "governance/domain/moves/move_planner.h"

namespace sluice::governance::infrastructure {
namespace {

constexpr std::array<const char*, 2> kRates{"follower.replication.throttled.rate", "leader.replication.throttled.rate"};
constexpr std::string_view kEveryReplica = "*";

bool is_own(const kafka::ConfigEntry& entry, kafka::ConfigSource source) {
  return entry.source == source && entry.value && !entry.value->empty();
}

const kafka::ConfigEntry* own_entry(const kafka::ConfigEntries& entries, std::string_view name,
                                    kafka::ConfigSource source) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.name == name; });
  return found != entries.end() && is_own(*found, source) ? &*found : nullptr;
}

// What a topic that is marked by nobody gets, and what of ours one that is loses.
kafka::ConfigChange marks(const std::string& topic, const kafka::ConfigEntries& entries) {
  kafka::ConfigChange change{topic, {}, {}};
  for (const std::string_view mark : domain::kThrottleMarks) {
    const auto* entry = own_entry(entries, mark, kafka::ConfigSource::kTopic);
    if (entry == nullptr) {
      change.set.emplace(mark, kEveryReplica);
    } else if (*entry->value == kEveryReplica) {
      change.unset.emplace_back(mark);
    }
  }
  return change;
}

}  // namespace

Result<std::vector<kafka::ConfigChange>> ReplicaThrottle::marks_of(std::span<const std::string> topics,
                                                                   Deadline deadline) {
  const auto described = admin_.describe_topic_configs(topics, call(deadline));
  std::vector<kafka::ConfigChange> found;
  for (std::size_t i = 0; i < topics.size(); ++i) {
    if (described[i]) {
      found.push_back(marks(topics[i], *described[i]));
    } else if (described[i].error().kind != ErrorKind::kNotFound) {
      return described[i].error();
    }
  }
  return found;
}

Status ReplicaThrottle::change_topics(std::span<const kafka::ConfigChange> changes, Deadline deadline) {
  for (const auto& changed :
       admin_.incremental_alter_configs(changes, kafka::ValidateOnly::kNo, call(deadline))) {
    if (!changed && changed.error().kind != ErrorKind::kNotFound) return changed.error();
  }
  return {};
}

// Our own rate is set once more: a broker shows one that is gone for a moment.
Status ReplicaThrottle::set_broker(std::int32_t broker_id, const std::string& rate, std::vector<std::string>& theirs,
                                   Deadline deadline) {
  SLUICE_TRY(const auto entries, admin_.describe_broker_configs(broker_id, call(deadline)));
  kafka::BrokerConfigChange change{broker_id, {}, {}};
  for (const char* name : kRates) {
    const auto* entry = own_entry(entries, name, kafka::ConfigSource::kBrokerDynamic);
    if (entry == nullptr || *entry->value == rate) {
      change.set.emplace(name, rate);
    } else {
      theirs.push_back(fmt::format("broker {} keeps {}={}", broker_id, name, *entry->value));
    }
  }
  if (change.set.empty()) return {};
  return admin_.incremental_alter_broker_configs(change, call(deadline));
}

Result<std::string> ReplicaThrottle::set(std::span<const std::string> topics, std::int64_t bytes_per_s,
                                         Deadline deadline) {
  const std::string rate = std::to_string(bytes_per_s);
  std::vector<std::string> theirs;
  SLUICE_TRY(const kafka::Cluster cluster, admin_.cluster(call(deadline)));
  for (const kafka::Broker& broker : cluster.brokers) SLUICE_CHECK(set_broker(broker.id, rate, theirs, deadline));
  SLUICE_TRY(auto changes, marks_of(topics, deadline));
  for (auto& change : changes) change.unset.clear();
  std::erase_if(changes, [](const auto& change) { return change.set.empty(); });
  SLUICE_CHECK(change_topics(changes, deadline));
  return fmt::format("{}", fmt::join(theirs, ", "));
}

Status ReplicaThrottle::release_topics(std::span<const std::string> topics, Deadline deadline) {
  SLUICE_TRY(auto changes, marks_of(topics, deadline));
  for (auto& change : changes) change.set.clear();
  std::erase_if(changes, [](const auto& change) { return change.unset.empty(); });
  return change_topics(changes, deadline);
}

Status ReplicaThrottle::release_broker(std::int32_t broker_id, const std::string& rate, Deadline deadline) {
  SLUICE_TRY(const auto entries, admin_.describe_broker_configs(broker_id, call(deadline)));
  kafka::BrokerConfigChange change{broker_id, {}, {}};
  for (const char* name : kRates) {
    const auto* entry = own_entry(entries, name, kafka::ConfigSource::kBrokerDynamic);
    if (entry != nullptr && *entry->value == rate) change.unset.emplace_back(name);
  }
  if (change.unset.empty()) return {};
  return admin_.incremental_alter_broker_configs(change, call(deadline));
}

Status ReplicaThrottle::release_brokers(std::int64_t bytes_per_s, Deadline deadline) {
  const std::string rate = std::to_string(bytes_per_s);
  SLUICE_TRY(const kafka::Cluster cluster, admin_.cluster(call(deadline)));
  for (const kafka::Broker& broker : cluster.brokers) SLUICE_CHECK(release_broker(broker.id, rate, deadline));
  return {};
}

}  // namespace sluice::governance::infrastructure
