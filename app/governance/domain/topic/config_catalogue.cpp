// Kafka 4.3's topic configs, and the broker settings that each takes its default from
// (ServerTopicConfigSynonyms in Kafka's source).
#include <algorithm>
#include <array>
#include <limits>

#include "governance/domain/topic/config_value.h"
#include "platform/core/text.h"

namespace sluice::governance::domain {
namespace {

using enum ConfigType;

constexpr std::array kKeys{
    TopicConfigKey{"cleanup.policy", kList},
    TopicConfigKey{"compression.gzip.level", kInteger},
    TopicConfigKey{"compression.lz4.level", kInteger},
    TopicConfigKey{"compression.type", kText},
    TopicConfigKey{"compression.zstd.level", kInteger},
    TopicConfigKey{"delete.retention.ms", kMilliseconds},
    TopicConfigKey{"file.delete.delay.ms", kMilliseconds},
    TopicConfigKey{"flush.messages", kInteger},
    TopicConfigKey{"flush.ms", kMilliseconds},
    TopicConfigKey{"follower.replication.throttled.replicas", kList},
    TopicConfigKey{"index.interval.bytes", kBytes},
    TopicConfigKey{"leader.replication.throttled.replicas", kList},
    TopicConfigKey{"local.retention.bytes", kBytes},
    TopicConfigKey{"local.retention.ms", kMilliseconds},
    TopicConfigKey{"max.compaction.lag.ms", kMilliseconds},
    TopicConfigKey{"max.message.bytes", kBytes},
    TopicConfigKey{"message.timestamp.after.max.ms", kMilliseconds},
    TopicConfigKey{"message.timestamp.before.max.ms", kMilliseconds},
    TopicConfigKey{"message.timestamp.type", kText},
    TopicConfigKey{"min.cleanable.dirty.ratio", kDecimal},
    TopicConfigKey{"min.compaction.lag.ms", kMilliseconds},
    TopicConfigKey{"min.insync.replicas", kInteger},
    TopicConfigKey{"preallocate", kBoolean},
    TopicConfigKey{"remote.log.copy.disable", kBoolean},
    TopicConfigKey{"remote.log.delete.on.disable", kBoolean},
    TopicConfigKey{"remote.storage.enable", kBoolean},
    TopicConfigKey{"retention.bytes", kBytes},
    TopicConfigKey{"retention.ms", kMilliseconds},
    TopicConfigKey{"segment.bytes", kBytes},
    TopicConfigKey{"segment.index.bytes", kBytes},
    TopicConfigKey{"segment.jitter.ms", kMilliseconds},
    TopicConfigKey{"segment.ms", kMilliseconds},
    TopicConfigKey{"unclean.leader.election.enable", kBoolean},
};
static_assert(std::is_sorted(kKeys.begin(), kKeys.end(),
                             [](const auto& a, const auto& b) { return a.name < b.name; }));

// The first broker setting of a topic key that has a value decides; `factor` turns its unit into
// ms.
struct BrokerSetting {
  std::string_view topic_key;
  std::string_view broker_key;
  std::int64_t factor = 1;
};

constexpr std::array kBrokerSettings{
    BrokerSetting{"cleanup.policy", "log.cleanup.policy"},
    BrokerSetting{"compression.gzip.level", "compression.gzip.level"},
    BrokerSetting{"compression.lz4.level", "compression.lz4.level"},
    BrokerSetting{"compression.type", "compression.type"},
    BrokerSetting{"compression.zstd.level", "compression.zstd.level"},
    BrokerSetting{"delete.retention.ms", "log.cleaner.delete.retention.ms"},
    BrokerSetting{"file.delete.delay.ms", "log.segment.delete.delay.ms"},
    BrokerSetting{"flush.messages", "log.flush.interval.messages"},
    BrokerSetting{"flush.ms", "log.flush.interval.ms"},
    BrokerSetting{"flush.ms", "log.flush.scheduler.interval.ms"},
    BrokerSetting{"index.interval.bytes", "log.index.interval.bytes"},
    BrokerSetting{"local.retention.bytes", "log.local.retention.bytes"},
    BrokerSetting{"local.retention.ms", "log.local.retention.ms"},
    BrokerSetting{"max.compaction.lag.ms", "log.cleaner.max.compaction.lag.ms"},
    BrokerSetting{"max.message.bytes", "message.max.bytes"},
    BrokerSetting{"message.timestamp.after.max.ms", "log.message.timestamp.after.max.ms"},
    BrokerSetting{"message.timestamp.before.max.ms", "log.message.timestamp.before.max.ms"},
    BrokerSetting{"message.timestamp.type", "log.message.timestamp.type"},
    BrokerSetting{"min.cleanable.dirty.ratio", "log.cleaner.min.cleanable.ratio"},
    BrokerSetting{"min.compaction.lag.ms", "log.cleaner.min.compaction.lag.ms"},
    BrokerSetting{"min.insync.replicas", "min.insync.replicas"},
    BrokerSetting{"preallocate", "log.preallocate"},
    BrokerSetting{"retention.bytes", "log.retention.bytes"},
    BrokerSetting{"retention.ms", "log.retention.ms"},
    BrokerSetting{"retention.ms", "log.retention.minutes", 60'000},
    BrokerSetting{"retention.ms", "log.retention.hours", 3'600'000},
    BrokerSetting{"segment.bytes", "log.segment.bytes"},
    BrokerSetting{"segment.index.bytes", "log.index.size.max.bytes"},
    BrokerSetting{"segment.jitter.ms", "log.roll.jitter.ms"},
    BrokerSetting{"segment.jitter.ms", "log.roll.jitter.hours", 3'600'000},
    BrokerSetting{"segment.ms", "log.roll.ms"},
    BrokerSetting{"segment.ms", "log.roll.hours", 3'600'000},
    BrokerSetting{"unclean.leader.election.enable", "unclean.leader.election.enable"},
};

// Topic configs that no broker setting decides.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kFixedDefaults{{
    {"follower.replication.throttled.replicas", ""},
    {"leader.replication.throttled.replicas", ""},
    {"remote.log.copy.disable", "false"},
    {"remote.log.delete.on.disable", "false"},
    {"remote.storage.enable", "false"},
}};

const TopicConfigKey* find_key(std::string_view name) {
  const auto found =
      std::lower_bound(kKeys.begin(), kKeys.end(), name,
                       [](const TopicConfigKey& key, std::string_view n) { return key.name < n; });
  return found != kKeys.end() && found->name == name ? &*found : nullptr;
}

std::string in_topic_units(const BrokerSetting& setting, const std::string& value) {
  if (setting.factor == 1) return value;
  const auto number = config_number(setting.topic_key, value);
  if (!number) return value;
  if (*number < 0) return "-1";
  const bool fits = *number <= std::numeric_limits<std::int64_t>::max() / setting.factor;
  return fits ? std::to_string(*number * setting.factor) : value;
}

}  // namespace

std::span<const TopicConfigKey> known_topic_configs() { return kKeys; }

ConfigType config_type(std::string_view key) {
  const auto* known = find_key(key);
  return known ? known->type : kText;
}

std::optional<std::string> nearest_topic_config(std::string_view key) {
  if (find_key(key)) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& known : kKeys) names.emplace_back(known.name);
  return nearest(key, names);
}

std::map<std::string, std::string, std::less<>> topic_defaults_from_broker(
    const std::map<std::string, std::string, std::less<>>& broker_configs) {
  std::map<std::string, std::string, std::less<>> defaults;
  for (const auto& [key, value] : kFixedDefaults) defaults.emplace(key, value);
  for (const auto& setting : kBrokerSettings) {
    const auto found = broker_configs.find(setting.broker_key);
    if (found == broker_configs.end()) continue;
    defaults.try_emplace(std::string(setting.topic_key), in_topic_units(setting, found->second));
  }
  return defaults;
}

}  // namespace sluice::governance::domain
