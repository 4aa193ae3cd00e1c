#include "support/model/topic_configs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

namespace sluice::test::model {
namespace {

using Choices = std::span<const std::string_view>;

enum class Type { kInt, kLong, kDouble, kBoolean, kChoice, kChoices, kThrottled };

constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

struct Definition {
  std::string_view key;
  Type type;
  std::string_view by_default;
  std::int64_t least = kNone;  // kNone: the type's own
  std::int64_t most = kNone;
  Choices choices = {};
};

constexpr std::array<std::string_view, 2> kPolicies{"compact", "delete"};
constexpr std::array<std::string_view, 6> kCodecs{"uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"};
constexpr std::array<std::string_view, 2> kTimestamps{"CreateTime", "LogAppendTime"};
constexpr std::string_view kLongMax = "9223372036854775807";

// In the order in which the broker looks at them: of several wrong ones it names the first.
constexpr std::array kDefinitions{
    Definition{"segment.bytes", Type::kInt, "1073741824", 1048576},
    Definition{"segment.ms", Type::kLong, "604800000", 1},
    Definition{"segment.jitter.ms", Type::kLong, "0", 0},
    Definition{"segment.index.bytes", Type::kInt, "10485760", 4},
    Definition{"flush.messages", Type::kLong, kLongMax, 1},
    Definition{"flush.ms", Type::kLong, kLongMax, 0},
    Definition{"retention.bytes", Type::kLong, "-1"},
    Definition{"retention.ms", Type::kLong, "604800000", -1},
    Definition{"max.message.bytes", Type::kInt, "1048588", 0},
    Definition{"index.interval.bytes", Type::kInt, "4096", 0},
    Definition{"delete.retention.ms", Type::kLong, "86400000", 0},
    Definition{"min.compaction.lag.ms", Type::kLong, "0", 0},
    Definition{"max.compaction.lag.ms", Type::kLong, kLongMax, 1},
    Definition{"file.delete.delay.ms", Type::kLong, "60000", 0},
    Definition{"min.cleanable.dirty.ratio", Type::kDouble, "0.5"},
    Definition{"cleanup.policy", Type::kChoices, "delete", kNone, kNone, kPolicies},
    Definition{"unclean.leader.election.enable", Type::kBoolean, "false"},
    Definition{"min.insync.replicas", Type::kInt, "1", 1},
    Definition{"compression.type", Type::kChoice, "producer", kNone, kNone, kCodecs},
    Definition{"compression.gzip.level", Type::kInt, "-1", 1, 9},
    Definition{"compression.lz4.level", Type::kInt, "9", 1, 17},
    Definition{"compression.zstd.level", Type::kInt, "3", -131072, 22},
    Definition{"preallocate", Type::kBoolean, "false"},
    Definition{"message.timestamp.type", Type::kChoice, "CreateTime", kNone, kNone, kTimestamps},
    Definition{"message.timestamp.before.max.ms", Type::kLong, kLongMax, 0},
    Definition{"message.timestamp.after.max.ms", Type::kLong, "3600000", 0},
    Definition{"leader.replication.throttled.replicas", Type::kThrottled, ""},
    Definition{"follower.replication.throttled.replicas", Type::kThrottled, ""},
    Definition{"remote.storage.enable", Type::kBoolean, "false"},
    Definition{"local.retention.ms", Type::kLong, "-2", -2},
    Definition{"local.retention.bytes", Type::kLong, "-2", -2},
    Definition{"remote.log.copy.disable", Type::kBoolean, "false"},
    Definition{"remote.log.delete.on.disable", Type::kBoolean, "false"},
};

const Definition* definition_of(std::string_view key) {
  const auto found = std::find_if(kDefinitions.begin(), kDefinitions.end(),
                                  [&](const Definition& definition) { return definition.key == key; });
  return found == kDefinitions.end() ? nullptr : found;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() <= ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() <= ' ') text.remove_suffix(1);
  return text;
}

std::string lowered(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

// Java's split with limit -1: "a," has two items, the second empty; "" has none.
std::vector<std::string> items_of(std::string_view text) {
  std::vector<std::string> items;
  text = trimmed(text);
  if (text.empty()) return items;
  for (;;) {
    const auto comma = text.find(',');
    items.emplace_back(trimmed(text.substr(0, comma)));
    if (comma == std::string_view::npos) return items;
    text.remove_prefix(comma + 1);
  }
}

template <typename Number>
std::optional<Number> parsed(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string wrong(std::string_view value, std::string_view key, std::string_view words) {
  return fmt::format("Invalid value {} for configuration {}: {}", value, key, words);
}

std::string java_double(double value) {
  const std::string shortest = fmt::format("{}", value);
  const double size = std::fabs(value);
  if (size != 0 && (size < 1e-3 || size >= 1e7)) {
    std::string exponent = fmt::format("{:e}", value);  // only ever shown in a refusal
    int digits = 0;
    for (; digits < 16 && std::stod(fmt::format("{:.{}e}", value, digits)) != value; ++digits) continue;
    exponent = fmt::format("{:.{}e}", value, std::max(digits, 1));
    const auto e = exponent.find('e');
    return fmt::format("{}E{}", exponent.substr(0, e), std::stoi(exponent.substr(e + 1)));
  }
  return shortest.find_first_of(".en") == std::string::npos ? shortest + ".0" : shortest;
}

std::optional<std::string> wrong_number(const Definition& definition, std::string_view value) {
  const auto number = definition.type == Type::kInt
                          ? [&]() -> std::optional<std::int64_t> { return parsed<std::int32_t>(value); }()
                          : parsed<std::int64_t>(value);
  const std::string_view type = definition.type == Type::kInt ? "INT" : "LONG";
  if (!number) return wrong(value, definition.key, fmt::format("Not a number of type {}", type));
  const bool low = definition.least != kNone && *number < definition.least;
  const bool high = definition.most != kNone && *number > definition.most;
  if (definition.key == "compression.gzip.level") {
    if ((!low && !high) || *number == -1) return std::nullopt;
    return wrong(std::to_string(*number), definition.key, "Value must be between 1 and 9 or equal to -1");
  }
  if (low) {
    return wrong(std::to_string(*number), definition.key,
                 fmt::format("Value must be at least {}", definition.least));
  }
  if (high) {
    return wrong(std::to_string(*number), definition.key,
                 fmt::format("Value must be no more than {}", definition.most));
  }
  return std::nullopt;
}

std::optional<std::string> wrong_ratio(const Definition& definition, std::string_view value) {
  const auto number = parsed<double>(value);
  if (!number) return wrong(value, definition.key, "Not a number of type DOUBLE");
  if (*number < 0) return wrong(java_double(*number), definition.key, "Value must be at least 0");
  if (*number > 1) return wrong(java_double(*number), definition.key, "Value must be no more than 1");
  return std::nullopt;
}

std::optional<std::string> wrong_choice(const Definition& definition, std::string_view value) {
  const Choices choices = definition.choices;
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return std::nullopt;
  return wrong(value, definition.key,
               fmt::format("String must be one of: {}", fmt::join(choices, ", ")));
}

std::optional<std::string> wrong_choices(const Definition& definition, std::string_view value) {
  const auto items = items_of(value);
  if (std::any_of(items.begin(), items.end(), [](const std::string& item) { return item.empty(); })) {
    return fmt::format("Configuration '{}' values must not be empty.", definition.key);
  }
  for (const std::string& item : items) {
    if (auto words = wrong_choice(definition, item)) return words;
  }
  return std::nullopt;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<std::string> wrong_throttle(const Definition& definition, std::string_view value) {
  const auto items = items_of(value);
  if (items.size() == 1 && items[0] == "*") return std::nullopt;
  const bool right = std::all_of(items.begin(), items.end(), [](const std::string& item) {
    const auto colon = item.find(':');
    return item.empty() || (colon != std::string::npos && is_number(std::string_view(item).substr(0, colon)) &&
                            is_number(std::string_view(item).substr(colon + 1)));
  });
  if (right) return std::nullopt;
  return wrong(fmt::format("[{}]", fmt::join(items, ", ")), definition.key,
               fmt::format("{} must be the literal '*' or a list of replicas in the following format: "
                           "[partitionId]:[brokerId],[partitionId]:[brokerId],...",
                           definition.key));
}

std::optional<std::string> wrong_value(const Definition& definition, std::string_view value) {
  switch (definition.type) {
    case Type::kInt:
    case Type::kLong: return wrong_number(definition, value);
    case Type::kDouble: return wrong_ratio(definition, value);
    case Type::kChoice: return wrong_choice(definition, trimmed(value));
    case Type::kChoices: return wrong_choices(definition, value);
    case Type::kThrottled: return wrong_throttle(definition, value);
    case Type::kBoolean: {
      const std::string lower = lowered(trimmed(value));
      if (lower == "true" || lower == "false") return std::nullopt;
      return wrong(value, definition.key, "Expected value to be either true or false");
    }
  }
  return std::nullopt;
}

std::int64_t number_in(const Configs& configs, std::string_view key, std::int64_t otherwise) {
  const auto found = configs.find(key);
  return found == configs.end() ? otherwise : parsed<std::int64_t>(found->second).value_or(otherwise);
}

std::optional<std::string> wrong_together(const Configs& configs) {
  const auto least = number_in(configs, "min.compaction.lag.ms", 0);
  const auto most = number_in(configs, "max.compaction.lag.ms", kForever);
  if (least > most) {
    return fmt::format(
        "conflict topic config setting min.compaction.lag.ms ({}) > max.compaction.lag.ms ({})", least, most);
  }
  const auto remote = configs.find("remote.storage.enable");
  if (remote != configs.end() && lowered(trimmed(remote->second)) == "true") {
    return "Tiered Storage functionality is disabled in the broker. Topic cannot be configured with "
           "remote log storage.";
  }
  return std::nullopt;
}

}  // namespace

const Configs& kafka_defaults() {
  static const Configs defaults = [] {
    Configs all;
    for (const Definition& definition : kDefinitions) all.emplace(definition.key, definition.by_default);
    return all;
  }();
  return defaults;
}

std::optional<std::string> refusal_of(const Configs& configs) {
  for (const auto& [key, value] : configs) {
    if (definition_of(key) == nullptr) return fmt::format("Unknown topic config name: {}", key);
  }
  for (const Definition& definition : kDefinitions) {
    const auto found = configs.find(definition.key);
    if (found == configs.end()) continue;
    if (auto words = wrong_value(definition, found->second)) return words;
  }
  return wrong_together(configs);
}

std::string shown_value(std::string_view key, std::string_view stored) {
  const Definition* definition = definition_of(key);
  const Type type = definition == nullptr ? Type::kChoice : definition->type;
  switch (type) {
    case Type::kInt:
    case Type::kLong: return std::to_string(parsed<std::int64_t>(stored).value_or(0));
    case Type::kDouble: return java_double(parsed<double>(stored).value_or(0));
    case Type::kBoolean: return lowered(trimmed(stored));
    case Type::kChoice: return std::string(trimmed(stored));
    case Type::kThrottled: return fmt::format("{}", fmt::join(items_of(stored), ","));
    case Type::kChoices: {
      std::vector<std::string> once;
      for (std::string& item : items_of(stored)) {
        if (std::find(once.begin(), once.end(), item) == once.end()) once.push_back(std::move(item));
      }
      return fmt::format("{}", fmt::join(once, ","));
    }
  }
  return std::string(stored);
}

}  // namespace sluice::test::model
