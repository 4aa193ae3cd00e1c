#include "governance/domain/drift/drift.h"

#include <algorithm>

#include "governance/domain/topic/config_value.h"

namespace sluice::governance::domain {
namespace {

void compare_count(std::string_view field, std::optional<std::int32_t> declared, std::int32_t live,
                   std::vector<DriftedField>& fields) {
  if (!declared || *declared == live) return;
  fields.push_back({std::string(field), std::to_string(*declared), std::to_string(live), ValueSource::kTopic});
}

const LiveConfig* find_config(const LiveTopic& live, std::string_view key) {
  const auto found = live.configs.find(key);
  return found == live.configs.end() ? nullptr : &found->second;
}

void compare_configs(const IntendedState& declared, const LiveTopic& live, std::vector<DriftedField>& fields) {
  const auto first = static_cast<std::ptrdiff_t>(fields.size());
  for (const auto& [key, value] : declared.set) {
    const LiveConfig* config = find_config(live, key);
    if (config && same_config_value(key, config->value, value)) continue;
    fields.push_back({key, value, config ? std::optional(config->value) : std::nullopt,
                      config ? config->source : ValueSource::kBroker});
  }
  for (const std::string& key : declared.unset) {
    const LiveConfig* config = find_config(live, key);
    if (!config || config->source != ValueSource::kTopic) continue;
    fields.push_back({key, std::nullopt, config->value, ValueSource::kTopic});
  }
  std::sort(fields.begin() + first, fields.end(),
            [](const DriftedField& a, const DriftedField& b) { return a.field < b.field; });
}

}  // namespace

std::string_view to_string(DriftKind kind) {
  switch (kind) {
    case DriftKind::kMissing: return "missing";
    case DriftKind::kRecreated: return "recreated";
    case DriftKind::kChanged: return "changed";
  }
  return "";
}

std::optional<TopicDrift> drift_of(const Declaration& declared, const LiveTopic* live) {
  TopicDrift drift{declared.name, DriftKind::kMissing, {}, declared.change_id, declared.revision};
  if (!live) return drift;
  const bool recreated = !declared.topic_id.empty() && declared.topic_id != live->topic_id;
  if (recreated) {
    drift.fields.push_back({"topicId", declared.topic_id, live->topic_id, ValueSource::kTopic});
  }
  compare_count(kPartitionsField, declared.fields.partitions, live->partitions, drift.fields);
  compare_count(kReplicationFactorField, declared.fields.replication_factor, live->replication_factor, drift.fields);
  compare_configs(declared.fields, *live, drift.fields);
  if (drift.fields.empty()) return std::nullopt;
  drift.kind = recreated ? DriftKind::kRecreated : DriftKind::kChanged;
  return drift;
}

std::vector<DriftedField> undeclared_settings(const Declaration& declared, const LiveTopic& live) {
  std::vector<DriftedField> settings;
  for (const auto& [key, config] : live.configs) {
    const auto& unset = declared.fields.unset;
    const bool said = declared.fields.set.contains(key) || std::find(unset.begin(), unset.end(), key) != unset.end();
    if (config.source != ValueSource::kTopic || said) continue;
    settings.push_back({key, std::nullopt, config.value, ValueSource::kTopic});
  }
  return settings;
}

}  // namespace sluice::governance::domain
