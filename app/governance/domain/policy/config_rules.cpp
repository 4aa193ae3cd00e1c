#include "governance/domain/policy/config_rules.h"

#include <algorithm>

#include <fmt/format.h>

#include "governance/domain/policy/rule_ids.h"
#include "governance/domain/topic/config_value.h"

namespace sluice::governance::domain {
namespace {

using Keys = std::vector<std::string>;

std::string plain(std::int64_t value) { return std::to_string(value); }

std::optional<Finding> unlimited(const std::string& key, const Bounds& bounds, const EnvironmentName& env,
                                 std::string (*shown)(std::int64_t)) {
  if (!bounds.max) return std::nullopt;
  return Finding{key,
                 fmt::format("{} is unlimited, above the maximum of {} in {}", key, shown(*bounds.max), env.str()),
                 fmt::format("Set {} to at most {}.", key, shown(*bounds.max))};
}

}  // namespace

Rule config_bounds(RuleHeader header, std::string key, Bounds bounds) {
  const ConfigType type = config_type(key);
  auto* const shown = type == ConfigType::kMilliseconds ? format_milliseconds : plain;
  const bool can_be_unlimited = type != ConfigType::kInteger;
  return make_rule(kConfigBounds, std::move(header), RuleSubject::kState, {key},
                   [=](const TopicChange& change) -> std::optional<Finding> {
                     const auto text = change.config(key);
                     const auto value = text ? config_number(key, *text) : std::nullopt;
                     if (!value) return std::nullopt;  // what is no number the broker refuses
                     if (can_be_unlimited && *value < 0) return unlimited(key, bounds, change.env(), shown);
                     return within(bounds, *value, key, change.env(), shown);
                   });
}

Rule required_config(RuleHeader header, Keys keys) {
  return make_rule(kConfigRequired, std::move(header), RuleSubject::kState, keys,
                   [keys](const TopicChange& change) -> std::optional<Finding> {
                     const auto missing = std::find_if(keys.begin(), keys.end(), [&](const std::string& key) {
                       return !change.sets(key);
                     });
                     if (missing == keys.end()) return std::nullopt;
                     return Finding{*missing, fmt::format("{} is not set on the topic itself", *missing),
                                    fmt::format("Add {} to the topic's config.", *missing)};
                   });
}

Rule forbidden_config(RuleHeader header, Keys keys) {
  return make_rule(kConfigForbidden, std::move(header), RuleSubject::kState, keys,
                   [keys](const TopicChange& change) -> std::optional<Finding> {
                     const auto found = std::find_if(keys.begin(), keys.end(), [&](const std::string& key) {
                       return change.sets(key);
                     });
                     if (found == keys.end()) return std::nullopt;
                     return Finding{*found, fmt::format("{} may not be set in {}", *found, change.env().str()),
                                    fmt::format("Leave {} to the broker's default; on a topic that has it, "
                                                "set it to null.",
                                                *found)};
                   });
}

Rule default_config(std::string_view kind, RuleHeader header, std::string key, std::string value) {
  return make_rule(kind, std::move(header), RuleSubject::kState, {key},
                   [key, wanted = std::move(value)](const TopicChange& change) -> std::optional<Finding> {
                     const auto actual = change.config(key);
                     if (!actual || same_config_value(key, *actual, wanted)) return std::nullopt;
                     return Finding{key,
                                    fmt::format("{} is '{}', the policy's default is '{}'", key, *actual, wanted),
                                    fmt::format("Set {}: {}.", key, wanted)};
                   });
}

}  // namespace sluice::governance::domain
