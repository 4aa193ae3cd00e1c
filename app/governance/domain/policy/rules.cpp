#include "governance/domain/policy/rules.h"

#include <algorithm>

#include <fmt/format.h>

#include "governance/domain/topic/config_value.h"
#include "governance/domain/policy/config_rules.h"
#include "governance/domain/policy/rule_ids.h"

namespace sluice::governance::domain {
namespace {

constexpr std::string_view kMinInsync = "min.insync.replicas";
constexpr std::string_view kRetention = "retention.ms";
constexpr std::string_view kCleanup = "cleanup.policy";
constexpr std::string_view kCompression = "compression.type";

Rule name_rule(std::string_view kind, RuleHeader header, RuleCheck check) {
  return make_rule(kind, std::move(header), RuleSubject::kName, {}, std::move(check));
}

Rule state_rule(std::string_view kind, RuleHeader header, std::vector<std::string> reads, RuleCheck check) {
  return make_rule(kind, std::move(header), RuleSubject::kState, std::move(reads), std::move(check));
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

Bounds bounds_of(std::string_view owner, Bounds general, const TeamBounds& teams) {
  const auto team = teams.find(owner);
  if (team == teams.end()) return general;
  return {team->second.min ? team->second.min : general.min, team->second.max ? team->second.max : general.max};
}

// Those of the owner on record, and of the new one.
Rule bounds_by_owner(std::string_view kind, RuleHeader header, std::string_view field,
                     std::optional<std::int32_t> (TopicChange::*value_of)() const, Bounds general, TeamBounds teams) {
  const bool reads_record = !teams.empty();
  auto rule = state_rule(
      kind, std::move(header), {std::string(field)},
      [field, value_of, general, teams = std::move(teams)](const TopicChange& change) -> std::optional<Finding> {
        const auto value = (change.*value_of)();
        if (!value) return std::nullopt;
        const TopicOwners& owners = change.owners();
        const auto said = bounds_of(owners.said, general, teams);
        if (auto finding = within(said, *value, field, change.env(), plain)) return finding;
        return within(bounds_of(owners.on_record, general, teams), *value, field, change.env(), plain);
      });
  rule.reads_record = reads_record;
  return rule;
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
                       fmt::format("Choose a name that does not start with '{}'.", *hit), name == *hit};
      });
}

Rule replication_factor_bounds(RuleHeader header, Bounds bounds, TeamBounds teams) {
  return bounds_by_owner(kReplicationFactorGuardrail, std::move(header), kReplicationFactorField,
                         &TopicChange::replication_factor, bounds, std::move(teams));
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
  return default_config(kCompressionGuardrail, std::move(header), std::string(kCompression), std::move(value));
}

Rule partition_bounds(RuleHeader header, Bounds bounds, TeamBounds teams) {
  return bounds_by_owner(kPartitionsGuardrail, std::move(header), kPartitionsField, &TopicChange::partitions, bounds,
                         std::move(teams));
}

}  // namespace sluice::governance::domain
