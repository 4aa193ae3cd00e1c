#include "governance/application/policies/kept_state.h"

#include <algorithm>

namespace sluice::governance::application {
namespace {

using domain::PlannedItem;

domain::LiveTopic live_topic(const domain::LiveFingerprint& print) {
  domain::LiveTopic live{print.topic_id, print.partitions, print.replication_factor, false, {}};
  for (const auto& value : print.configs) live.configs[value.key] = {value.value, value.source, std::nullopt};
  return live;
}

bool was_kept(const std::string& field, const PlannedItem& item, const domain::TopicItem& asked,
              const domain::ClusterState& state) {
  if (!domain::is_config_field(field) || asked.configs.contains(field)) return true;
  const auto& kept = item.live.configs;
  const bool recorded = std::any_of(kept.begin(), kept.end(), [&](const auto& value) { return value.key == field; });
  return recorded || (!item.live.exists && state.defaults.contains(field));
}

constexpr std::string_view kRecord = "what was on record of the topic";

// Whose topic it is, or metadata that the item leaves as it was.
bool reads_record(const domain::Rule& rule, const domain::TopicItem& asked) {
  return rule.reads_record || !rule.scope.owners.empty() ||
         std::any_of(rule.reads.begin(), rule.reads.end(), [&](const std::string& field) {
           return domain::is_metadata_field(field) && !domain::states(asked.metadata, field);
         });
}

std::string unknown_to(const domain::Rule& rule, const PlannedItem& item, const domain::TopicItem& asked,
                       const domain::ClusterState& state) {
  if (item.action == domain::PlannedAction::kDelete) {
    const bool asked_about_it = rule.subject != domain::RuleSubject::kState;
    if (asked_about_it && reads_record(rule, asked)) return std::string(kRecord);
    return rule.needs_groups_on_delete || rule.needs_records_on_delete ? "what the topic held and who read it" : "";
  }
  if (reads_record(rule, asked) && item.live.exists) return std::string(kRecord);
  const auto missing = std::find_if(rule.reads.begin(), rule.reads.end(), [&](const std::string& field) {
    return !was_kept(field, item, asked, state);
  });
  return missing == rule.reads.end() ? "" : *missing;
}

}  // namespace

domain::ClusterState kept_state(const std::vector<PlannedItem>& items) {
  domain::ClusterState state;
  for (const PlannedItem& item : items) {
    if (item.live.exists) {
      state.topics.emplace(item.name, live_topic(item.live));
      continue;
    }
    for (const auto& value : item.live.configs) state.defaults.emplace(value.key, value.value);
    if (item.live.partitions > 0) state.default_partitions = item.live.partitions;
    if (item.live.replication_factor > 0) state.default_replication_factor = item.live.replication_factor;
  }
  return state;
}

NotKept not_kept(const domain::PolicySet& policies, const domain::TopicBatch& batch,
                 const std::vector<PlannedItem>& items, const domain::ClusterState& state, TimePoint now) {
  NotKept found;
  for (const auto& in_force : policies.in_force(batch.env, now)) {
    for (std::size_t i = 0; i < items.size() && i < batch.items.size(); ++i) {
      auto what = unknown_to(*in_force.rule, items[i], batch.items[i], state);
      if (!what.empty()) found.emplace(std::pair(in_force.rule->id, items[i].name.str()), std::move(what));
    }
  }
  return found;
}

}  // namespace sluice::governance::application
