#include "governance/domain/apply/decide.h"

#include <algorithm>

#include <fmt/format.h>

#include "governance/domain/plan/item_calls.h"
#include "governance/domain/topic/config_value.h"

namespace sluice::governance::domain {
namespace {

constexpr std::string_view kAbsent = "absent";

std::string shown(const LiveValue* value) {
  return value ? fmt::format("{} ({})", value->value, to_string(value->source)) : std::string(kAbsent);
}

const LiveValue* find_config(const LiveFingerprint& print, std::string_view key) {
  const auto found = std::lower_bound(print.configs.begin(), print.configs.end(), key,
                                      [](const LiveValue& value, std::string_view k) { return value.key < k; });
  return found != print.configs.end() && found->key == key ? &*found : nullptr;
}

bool same(const LiveValue* a, const LiveValue* b) { return a == b || (a != nullptr && b != nullptr && *a == *b); }

std::optional<StaleField> differing_number(std::string_view field, std::int32_t expected, std::int32_t found) {
  if (expected == found) return std::nullopt;
  return StaleField{std::string(field), std::to_string(expected), std::to_string(found)};
}

std::optional<StaleField> differing_config(const LiveFingerprint& approved, const LiveFingerprint& now,
                                           const std::string& key) {
  const LiveValue* before = find_config(approved, key);
  const LiveValue* found = find_config(now, key);
  if (same(before, found)) return std::nullopt;
  return StaleField{key, shown(before), shown(found)};
}

// --- what is there now, in the item's own fields ------------------------------------------------

void add_value(std::string key, std::optional<LiveValue> value, LiveFingerprint& print) {
  if (!value) return;
  value->key = std::move(key);
  print.configs.push_back(std::move(*value));
}

std::optional<LiveValue> value_of(const ClusterState& state, const LiveTopic* topic, const std::string& key) {
  if (topic != nullptr) {
    const auto found = topic->configs.find(key);
    if (found != topic->configs.end()) return LiveValue{key, found->second.value, found->second.source};
  }
  const auto by_default = state.defaults.find(key);
  if (by_default == state.defaults.end()) return std::nullopt;
  return LiveValue{key, by_default->second, ValueSource::kBroker};
}

std::vector<std::string> keys_of(const PlannedItem& item) {
  std::vector<std::string> keys;
  for (const LiveValue& value : item.live.configs) keys.push_back(value.key);
  if (item.action == PlannedAction::kAlter) {
    for (const auto& [key, _] : item.intended.set) keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

LiveFingerprint fingerprint_now(const PlannedItem& item, const ClusterState& state, const LiveTopic* topic) {
  LiveFingerprint print;
  print.exists = topic != nullptr;
  if (topic != nullptr) {
    print.topic_id = topic->topic_id;
    print.partitions = topic->partitions;
    print.replication_factor = topic->replication_factor;
  } else {
    // Of a topic to create, only the defaults that the plan relied on were kept.
    if (item.live.partitions > 0) print.partitions = state.default_partitions.value_or(0);
    if (item.live.replication_factor > 0) {
      print.replication_factor = state.default_replication_factor.value_or(0);
    }
  }
  for (std::string& key : keys_of(item)) add_value(key, value_of(state, topic, key), print);
  return print;
}

// --- again: each field at its state before or after ---------------------------------------------

std::optional<StaleField> not_as_created(const PlannedItem& item, const LiveTopic& topic) {
  const CreateProbe asked = create_of(item);
  if (asked.partitions > 0 && asked.partitions != topic.partitions) {
    return differing_number(kPartitionsField, asked.partitions, topic.partitions);
  }
  if (asked.replication_factor > 0 && asked.replication_factor != topic.replication_factor) {
    return differing_number(kReplicationFactorField, asked.replication_factor, topic.replication_factor);
  }
  for (const auto& [key, value] : asked.configs) {
    const auto found = topic.configs.find(key);
    const bool as_asked = found != topic.configs.end() && found->second.source == ValueSource::kTopic &&
                          same_config_value(key, value, found->second.value);
    if (as_asked) continue;
    return StaleField{key, value, found == topic.configs.end() ? std::string(kAbsent) : found->second.value};
  }
  return std::nullopt;
}

WorkLeft decide_create(const PlannedItem& item, const LiveFingerprint& now, const LiveTopic* topic) {
  if (topic != nullptr) {
    if (auto stale = not_as_created(item, *topic)) return std::move(*stale);
    return NothingLeft{};
  }
  if (auto stale = difference(item.live, now)) return std::move(*stale);
  CallsLeft calls;
  calls.create = true;
  return calls;
}

WorkLeft decide_delete(const PlannedItem& item, const LiveFingerprint& now) {
  if (!now.exists) return NothingLeft{};
  if (auto stale = difference(item.live, now)) return std::move(*stale);
  CallsLeft calls;
  calls.remove = true;
  return calls;
}

// The key is set as intended: by the topic itself, to the same meaning.
bool is_set(const LiveValue* found, const std::string& key, const std::string& wanted) {
  return found != nullptr && found->source == ValueSource::kTopic && same_config_value(key, wanted, found->value);
}

std::optional<StaleField> config_calls(const PlannedItem& item, const LiveFingerprint& now, CallsLeft& calls) {
  const IntendedState& intended = item.intended;
  for (const std::string& key : keys_of(item)) {
    const LiveValue* found = find_config(now, key);
    const auto wanted = intended.set.find(key);
    const bool unset = std::binary_search(intended.unset.begin(), intended.unset.end(), key);
    if (wanted != intended.set.end() && is_set(found, key, wanted->second)) continue;
    if (unset && (found == nullptr || found->source != ValueSource::kTopic)) continue;
    if (auto stale = differing_config(item.live, now, key)) return stale;
    if (wanted != intended.set.end()) calls.set.emplace(key, wanted->second);
    if (unset) calls.unset.push_back(key);
  }
  return std::nullopt;
}

WorkLeft decide_alter(const PlannedItem& item, const LiveFingerprint& now) {
  const LiveFingerprint& before = item.live;
  if (!now.exists) return StaleField{"exists", before.topic_id, std::string(kAbsent)};
  if (now.topic_id != before.topic_id) return StaleField{"topicId", before.topic_id, now.topic_id};

  CallsLeft calls;
  const std::int32_t partitions = item.intended.partitions.value_or(before.partitions);
  if (now.partitions != partitions) {
    if (auto stale = differing_number(kPartitionsField, before.partitions, now.partitions)) return std::move(*stale);
    calls.grow_to = partitions;
  }
  const std::int32_t replicas = item.intended.replication_factor.value_or(before.replication_factor);
  if (now.replication_factor != replicas) {
    if (auto stale = differing_number(kReplicationFactorField, before.replication_factor, now.replication_factor)) {
      return std::move(*stale);
    }
    calls.move_replicas = true;
  }
  if (auto stale = config_calls(item, now, calls)) return std::move(*stale);
  if (calls == CallsLeft{}) return NothingLeft{};
  return calls;
}

WorkLeft decide_none(const PlannedItem& item, const LiveFingerprint& now) {
  if (auto stale = difference(item.live, now)) return std::move(*stale);
  return NothingLeft{};
}

}  // namespace

std::optional<StaleField> difference(const LiveFingerprint& approved, const LiveFingerprint& now) {
  if (approved.exists != now.exists) {
    return StaleField{"exists", approved.exists ? approved.topic_id : std::string(kAbsent),
                      now.exists ? now.topic_id : std::string(kAbsent)};
  }
  if (approved.topic_id != now.topic_id) return StaleField{"topicId", approved.topic_id, now.topic_id};
  const bool is_default = !approved.exists;
  if (auto found = differing_number(is_default ? "defaultPartitions" : kPartitionsField, approved.partitions,
                                    now.partitions)) {
    return found;
  }
  if (auto found = differing_number(is_default ? "defaultReplicationFactor" : kReplicationFactorField,
                                    approved.replication_factor, now.replication_factor)) {
    return found;
  }
  for (const LiveValue& value : approved.configs) {
    if (auto found = differing_config(approved, now, value.key)) return found;
  }
  for (const LiveValue& value : now.configs) {
    if (auto found = differing_config(approved, now, value.key)) return found;
  }
  return std::nullopt;
}

WorkLeft decide(const PlannedItem& item, const ClusterState& state, Attempt attempt) {
  const auto found = state.topics.find(item.name);
  const LiveTopic* topic = found == state.topics.end() ? nullptr : &found->second;
  const LiveFingerprint now = fingerprint_now(item, state, topic);
  if (attempt == Attempt::kFirst) {
    if (auto stale = difference(item.live, now)) return std::move(*stale);
  }
  switch (item.action) {
    case PlannedAction::kNone: return decide_none(item, now);
    case PlannedAction::kCreate: return decide_create(item, now, topic);
    case PlannedAction::kAlter: return decide_alter(item, now);
    case PlannedAction::kDelete: return decide_delete(item, now);
  }
  return NothingLeft{};
}

}  // namespace sluice::governance::domain
