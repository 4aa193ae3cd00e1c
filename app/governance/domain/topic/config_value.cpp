#include "governance/domain/topic/config_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include "platform/core/text.h"

namespace sluice::governance::domain {
namespace {

struct Unit {
  std::string_view suffix;
  std::int64_t factor;
};

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

constexpr std::array kTimeUnits{Unit{"ms", 1}, Unit{"s", kSecond}, Unit{"m", kMinute},
                                Unit{"h", kHour}, Unit{"d", kDay}};
constexpr std::array kSizeUnits{Unit{"KiB", 1LL << 10}, Unit{"MiB", 1LL << 20},
                                Unit{"GiB", 1LL << 30}};

// As Java's Long.parseLong reads it: an optional sign, then digits only.
std::optional<std::int64_t> whole_number(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> with_unit(std::string_view text, std::span<const Unit> units) {
  const auto digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
  const auto suffix = trim(text.substr(digits));
  const auto unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.suffix == suffix; });
  const auto count = whole_number(text.substr(0, digits));
  if (unit == units.end() || !count) return std::nullopt;
  if (*count > std::numeric_limits<std::int64_t>::max() / unit->factor) return std::nullopt;
  return *count * unit->factor;
}

std::optional<std::int64_t> number_of(ConfigType type, std::string_view text) {
  if (type != ConfigType::kInteger && type != ConfigType::kMilliseconds &&
      type != ConfigType::kBytes) {
    return std::nullopt;
  }
  if (const auto plain = whole_number(text)) return plain;
  if (type == ConfigType::kMilliseconds) return with_unit(text, kTimeUnits);
  if (type == ConfigType::kBytes) return with_unit(text, kSizeUnits);
  return std::nullopt;
}

std::optional<double> decimal(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::string canonical(ConfigType type, std::string_view text) {
  switch (type) {
    case ConfigType::kText: return std::string(text);
    case ConfigType::kBoolean: {
      auto lower = to_lower(text);
      return lower == "true" || lower == "false" ? lower : std::string(text);
    }
    case ConfigType::kDecimal: {
      const auto value = decimal(text);
      return value ? fmt::format("{}", *value) : std::string(text);
    }
    case ConfigType::kList: return join(config_list(text), ",");
    case ConfigType::kInteger:
    case ConfigType::kMilliseconds:
    case ConfigType::kBytes: {
      const auto value = number_of(type, text);
      return value ? std::to_string(*value) : std::string(text);
    }
  }
  return std::string(text);
}

}  // namespace

std::string canonical_config_value(std::string_view key, std::string_view written) {
  return canonical(config_type(key), trim(written));
}

bool same_config_value(std::string_view key, std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto type = config_type(key);
  if (type == ConfigType::kText) return trim(a) == trim(b);
  if (type != ConfigType::kList) return canonical(type, trim(a)) == canonical(type, trim(b));
  auto left = config_list(a);
  auto right = config_list(b);
  std::sort(left.begin(), left.end());
  std::sort(right.begin(), right.end());
  return left == right;
}

std::optional<std::int64_t> config_number(std::string_view key, std::string_view value) {
  return number_of(config_type(key), trim(value));
}

std::vector<std::string> config_list(std::string_view value) {
  std::vector<std::string> items;
  for (const auto& part : split(value, ',')) {
    const auto item = trim(part);
    const bool is_new = std::find(items.begin(), items.end(), item) == items.end();
    if (!item.empty() && is_new) items.emplace_back(item);
  }
  return items;
}

std::string format_milliseconds(std::int64_t value) {
  if (value < 0) return "unlimited";
  for (const auto& unit :
       {Unit{"d", kDay}, Unit{"h", kHour}, Unit{"m", kMinute}, Unit{"s", kSecond}}) {
    if (value != 0 && value % unit.factor == 0)
      return fmt::format("{}{}", value / unit.factor, unit.suffix);
  }
  return fmt::format("{}ms", value);
}

}  // namespace sluice::governance::domain
