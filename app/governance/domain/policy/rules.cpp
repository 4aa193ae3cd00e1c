#include "governance/domain/policy/rules.h"

#include <algorithm>

#include <fmt/format.h>

#include "governance/domain/topic/config_value.h"
#include "governance/domain/policy/rule_ids.h"

namespace sluice::governance::domain {
namespace {

constexpr std::string_view kMinInsync = "min.insync.replicas";
constexpr std::string_view kRetention = "retention.ms";
constexpr std::string_view kCleanup = "cleanup.policy";
constexpr std::string_view kCompression = "compression.type";

using Check = std::function<std::optional<Finding>(const TopicChange&)>;

Rule name_rule(std::string_view id, RuleHeader header, Check check) {
  return {
      std::string(id), std::move(header.scope), std::move(header.severity), RuleSubject::kName, {},
      std::move(check)};
}

Rule state_rule(std::string_view id, RuleHeader header, std::vector<std::string> reads,
                Check check) {
  return {std::string(id),     std::move(header.scope), std::move(header.severity),
          RuleSubject::kState, std::move(reads),        std::move(check)};
}

// `shown` turns the number into the words of the message.
std::optional<Finding> within(const Bounds& bounds, std::int64_t value, std::string_view field,
                              const EnvironmentName& env, std::string (*shown)(std::int64_t)) {
  if (bounds.min && value < *bounds.min) {
    return Finding{std::string(field),
                   fmt::format("{} is {}, below the minimum of {} in {}", field, shown(value),
                               shown(*bounds.min), env.str()),
                   fmt::format("Set {} to at least {}.", field, shown(*bounds.min))};
  }
  if (bounds.max && value > *bounds.max) {
    return Finding{std::string(field),
                   fmt::format("{} is {}, above the maximum of {} in {}", field, shown(value),
                               shown(*bounds.max), env.str()),
                   fmt::format("Set {} to at most {}.", field, shown(*bounds.max))};
  }
  return std::nullopt;
}

std::string plain(std::int64_t value) { return std::to_string(value); }

std::optional<std::int64_t> number(const TopicChange& change, std::string_view key) {
  const auto value = change.config(key);
  return value ? config_number(key, *value) : std::nullopt;
}

bool deletes_by_time(const TopicChange& change) {
  const auto policy = change.config(kCleanup);
  if (!policy) return true;
  const auto policies = config_list(*policy);
  return std::find(policies.begin(), policies.end(), "compact") == policies.end() ||
         std::find(policies.begin(), policies.end(), "delete") != policies.end();
}

std::string_view without_dot(std::string_view prefix) {
  if (prefix.ends_with('.')) prefix.remove_suffix(1);
  return prefix;
}

bool is_reserved(std::string_view name, std::string_view word) {
  return name == word || (name.starts_with(word) && name.substr(word.size()).starts_with('.'));
}

}  // namespace

Rule naming_pattern(RuleHeader header, PatternMatcher matches, std::string pattern) {
  return name_rule(
      kNamingPattern, std::move(header),
      [matches = std::move(matches),
       pattern = std::move(pattern)](const TopicChange& change) -> std::optional<Finding> {
        if (matches(change.name().view())) return std::nullopt;
        return Finding{"name", fmt::format("'{}' does not match {}", change.name().str(), pattern),
                       fmt::format("Use a name like {}.orders.created: the environment, then "
                                   "lower-case letters, digits, '.', '_' and '-'.",
                                   change.env().str())};
      });
}

Rule forbidden_prefixes(RuleHeader header, std::vector<std::string> prefixes,
                        std::vector<EnvironmentName> environments) {
  return name_rule(
      kForbidPrefix, std::move(header),
      [prefixes = std::move(prefixes), environments = std::move(environments)](
          const TopicChange& change) -> std::optional<Finding> {
        const auto name = without_environment(change.name().view(), environments);
        const auto hit =
            std::find_if(prefixes.begin(), prefixes.end(),
                         [&](const std::string& prefix) { return name.starts_with(prefix); });
        if (hit == prefixes.end()) return std::nullopt;
        return Finding{
            "name", fmt::format("'{}' is forbidden in {}", without_dot(*hit), change.env().str()),
            fmt::format("Choose a name that does not start with '{}'.", *hit)};
      });
}

Rule reserved_words(RuleHeader header, std::vector<std::string> words,
                    std::vector<EnvironmentName> environments) {
  return name_rule(
      kNamingReserved, std::move(header),
      [words = std::move(words), environments = std::move(environments)](
          const TopicChange& change) -> std::optional<Finding> {
        const auto name = without_environment(change.name().view(), environments);
        const auto hit = std::find_if(words.begin(), words.end(), [&](const std::string& word) {
          return is_reserved(name, word);
        });
        if (hit == words.end()) return std::nullopt;
        return Finding{"name", fmt::format("'{}' is a reserved name", *hit),
                       fmt::format("Choose a name that does not start with '{}'.", *hit)};
      });
}

Rule replication_factor_bounds(RuleHeader header, Bounds bounds) {
  return state_rule(kReplicationFactorGuardrail, std::move(header),
                    {std::string(kReplicationFactorField)},
                    [bounds](const TopicChange& change) -> std::optional<Finding> {
                      const auto value = change.replication_factor();
                      if (!value) return std::nullopt;
                      return within(bounds, *value, kReplicationFactorField, change.env(), plain);
                    });
}

Rule min_insync_bounds(RuleHeader header, Bounds bounds) {
  return state_rule(kMinInsyncGuardrail, std::move(header), {std::string(kMinInsync)},
                    [bounds](const TopicChange& change) -> std::optional<Finding> {
                      const auto value = number(change, kMinInsync);
                      if (!value) return std::nullopt;
                      return within(bounds, *value, kMinInsync, change.env(), plain);
                    });
}

Rule retention_bounds(RuleHeader header, Bounds bounds) {
  return state_rule(
      kRetentionGuardrail, std::move(header), {std::string(kRetention), std::string(kCleanup)},
      [bounds](const TopicChange& change) -> std::optional<Finding> {
        if (!deletes_by_time(change)) return std::nullopt;
        const auto value = number(change, kRetention);
        if (!value) return std::nullopt;
        if (*value >= 0) {
          return within(bounds, *value, kRetention, change.env(), format_milliseconds);
        }
        if (!bounds.max) return std::nullopt;
        return Finding{
            std::string(kRetention),
            fmt::format("retention.ms is unlimited, above the maximum of {} in {}",
                        format_milliseconds(*bounds.max), change.env().str()),
            fmt::format("Set retention.ms to at most {}.", format_milliseconds(*bounds.max))};
      });
}

Rule default_compression(RuleHeader header, std::string value) {
  return state_rule(
      kCompressionGuardrail, std::move(header), {std::string(kCompression)},
      [wanted = std::move(value)](const TopicChange& change) -> std::optional<Finding> {
        const auto actual = change.config(kCompression);
        if (!actual || same_config_value(kCompression, *actual, wanted)) return std::nullopt;
        return Finding{
            std::string(kCompression),
            fmt::format("compression.type is '{}', the policy's default is '{}'", *actual, wanted),
            fmt::format("Set compression.type: {}.", wanted)};
      });
}

Rule partition_bounds(RuleHeader header, Bounds bounds, std::map<std::string, Bounds> teams) {
  return state_rule(
      kPartitionsGuardrail, std::move(header), {std::string(kPartitionsField)},
      [bounds, teams = std::move(teams)](const TopicChange& change) -> std::optional<Finding> {
        const auto value = change.partitions();
        if (!value) return std::nullopt;
        Bounds own = bounds;
        const auto team = teams.find(change.metadata().owner.value_or(""));
        if (team != teams.end()) {
          if (team->second.min) own.min = team->second.min;
          if (team->second.max) own.max = team->second.max;
        }
        return within(own, *value, kPartitionsField, change.env(), plain);
      });
}

}  // namespace sluice::governance::domain
