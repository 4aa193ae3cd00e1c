// Builders for the planner's tests: short to read in a table row.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "governance/domain/plan/planner.h"
#include "governance/domain/policy/rules.h"

namespace sluice::governance::domain {

using Configs = std::map<std::string, std::optional<std::string>, std::less<>>;

inline TopicItem item(std::string name, std::optional<std::int32_t> partitions = {},
                      Configs configs = {}) {
  TopicItem result;
  result.name = TopicName(std::move(name));
  result.partitions = partitions;
  result.configs = std::move(configs);
  return result;
}

inline TopicItem with_action(TopicItem result, ItemAction action) {
  result.action = action;
  return result;
}

inline TopicItem deletion(std::string name) {
  return with_action(item(std::move(name)), ItemAction::kDelete);
}

inline TopicBatch batch(std::string env, std::vector<TopicItem> items) {
  return {EnvironmentName(std::move(env)), ChangeId("change-1"), std::move(items)};
}

inline std::map<std::string, std::string, std::less<>> broker_defaults() {
  return {{"cleanup.policy", "delete"},     {"compression.type", "producer"},
          {"min.insync.replicas", "1"},     {"retention.ms", "604800000"},
          {"max.message.bytes", "1048588"}, {"segment.ms", "604800000"}};
}

// A topic that sets `own` and has the broker's defaults for the rest.
inline LiveTopic live(std::int32_t partitions, std::int32_t replication_factor,
                      const std::map<std::string, std::string>& own = {}) {
  LiveTopic topic{"id-" + std::to_string(partitions), partitions, replication_factor, false, {}};
  for (const auto& [key, value] : broker_defaults())
    topic.configs[key] = {value, ValueSource::kBroker, {}};
  for (const auto& [key, value] : own) {
    const auto fallback = topic.configs.find(key);
    std::optional<std::string> under =
        fallback == topic.configs.end() ? std::nullopt : std::optional(fallback->second.value);
    topic.configs[key] = {value, ValueSource::kTopic, std::move(under)};
  }
  return topic;
}

inline ClusterState cluster(std::map<std::string, LiveTopic> topics = {}) {
  ClusterState state;
  state.cluster_id = "cluster-1";
  state.broker_count = 3;
  state.defaults = broker_defaults();
  state.default_partitions = 1;
  state.default_replication_factor = 3;
  for (auto& [name, topic] : topics) state.topics.emplace(TopicName(name), std::move(topic));
  return state;
}

inline std::vector<EnvironmentName> environments() {
  return {EnvironmentName("dev"), EnvironmentName("stg"), EnvironmentName("prod")};
}

inline RuleHeader in(std::vector<std::string> names, Severity severity = Severity::kBlock) {
  RuleHeader header{{}, {severity, {}}};
  for (auto& name : names) header.scope.environments.emplace_back(std::move(name));
  return header;
}

constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;

// The seed's §3, as config/policies/default.yaml says it.
inline PolicySet seed_policies() {
  PolicySet policies;
  policies.version = "1";
  policies.environments = environments();
  const auto has_prefix = [](std::string_view name) {
    return !environment_prefix(name, environments()).empty();
  };
  policies.rules = {
      naming_pattern(in({}), has_prefix, "^((dev|stg|prod)\\.)[a-z0-9._-]+$"),
      forbidden_prefixes(in({}), {"tmp."}, environments()),
      forbidden_prefixes(in({"prod"}), {"test."}, environments()),
      reserved_words(in({}), {"_schemas", "kafka"}, environments()),
      replication_factor_bounds(in({"prod"}), {3, {}}),
      min_insync_bounds(in({"prod"}), {2, {}}),
      retention_bounds(in({"prod"}), {7 * kDayMs, {}}),
      retention_bounds(in({"dev"}), {{}, 3 * kDayMs}),
      default_compression(in({}, Severity::kWarn), "zstd"),
      partition_bounds(in({}), {1, 100}, {{"team-small", {{}, 10}}, {"team-wide", {{}, 500}}}),
  };
  policies.defaults = {{"guardrail.compression", {}, "compression.type", "zstd"}};
  return policies;
}

inline const TimePoint kNow = TimePoint(std::chrono::milliseconds(1'800'000'000'000));

inline Plan planned(const TopicBatch& asked, const ClusterState& state,
                    const PolicySet& policies = seed_policies()) {
  return make_plan(asked, state, policies, kNow);
}

// "naming.pattern block", in the plan's order.
inline std::vector<std::string> rules_of(const Plan& plan) {
  std::vector<std::string> rules;
  for (const auto& violation : plan.violations) {
    rules.push_back(violation.rule + " " + std::string(to_string(violation.severity)));
  }
  return rules;
}

// "partitions: 8→12", in the plan's order.
inline std::vector<std::string> diffs_of(const PlannedItem& planned_item) {
  std::vector<std::string> diffs;
  for (const auto& diff : planned_item.diffs) diffs.push_back(diff.field + ": " + short_form(diff));
  return diffs;
}

}  // namespace sluice::governance::domain
