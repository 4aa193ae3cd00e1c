// What Kafka's topic configs mean: when two spellings are the same value, what is sent to the
// broker, and where the broker takes a default from. Keys not listed here are treated as text;
// whether they exist is the broker's verdict.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::governance::domain {

enum class ConfigType : std::uint8_t {
  kText,
  kBoolean,
  kInteger,
  kMilliseconds,
  kBytes,
  kDecimal,
  kList
};

struct TopicConfigKey {
  std::string_view name;
  ConfigType type;
};

std::span<const TopicConfigKey> known_topic_configs();  // sorted by name
ConfigType config_type(std::string_view key);
// The known key nearest to a misspelt one; nothing when `key` is known or nothing is near.
std::optional<std::string> nearest_topic_config(std::string_view key);

// "7d" → "604800000" (d, h, m, s, ms on time keys), "1MiB" → "1048576" (KiB, MiB, GiB on size
// keys), " True" → "true", "compact , delete" → "compact,delete". What cannot be read is returned
// trimmed: the broker refuses it in its own words.
std::string canonical_config_value(std::string_view key, std::string_view written);
bool same_config_value(std::string_view key, std::string_view a, std::string_view b);
// The number behind a value of an integer, time or size key, in ms or bytes.
std::optional<std::int64_t> config_number(std::string_view key, std::string_view value);
// The items of a list value, trimmed, each once (as Kafka keeps them), without empty ones.
std::vector<std::string> config_list(std::string_view value);
// 604800000 → "7d", 5400000 → "90m", 1500 → "1500ms", -1 → "unlimited".
std::string format_milliseconds(std::int64_t value);

// What a broker applies to a topic that sets nothing, from the broker's own configuration
// ("log.retention.hours=168" → "retention.ms" = 604800000).
std::map<std::string, std::string, std::less<>> topic_defaults_from_broker(
    const std::map<std::string, std::string, std::less<>>& broker_configs);

}  // namespace sluice::governance::domain
