#include "governance/domain/policy/topic_change.h"

#include <algorithm>

#include "governance/domain/catalogue/declaration.h"

namespace sluice::governance::domain {
namespace {

const LiveTopic* find_live(const ClusterState& state, const TopicName& name) {
  const auto found = state.topics.find(name);
  return found == state.topics.end() ? nullptr : &found->second;
}

std::optional<std::string_view> find_default(const ClusterState& state, std::string_view key) {
  const auto found = state.defaults.find(key);
  if (found == state.defaults.end()) return std::nullopt;
  return found->second;
}

std::optional<TopicMetadata> recorded_metadata(const TopicItem& item, const ClusterState& state) {
  const auto record = state.declared.find(item.name);
  if (record == state.declared.end()) return std::nullopt;
  const bool deletes = item.action == ItemAction::kDelete;
  TopicMetadata metadata = deletes ? item.metadata : record->second;
  lay_over(metadata, deletes ? record->second : item.metadata);
  return metadata;
}

}  // namespace

bool states(const TopicMetadata& metadata, std::string_view field) {
  if (field == kOwnerField) return metadata.owner.has_value();
  if (field == kSlaField) return metadata.sla.has_value();
  if (field == kDocField) return metadata.doc.has_value();
  return field == kTagsField && !metadata.tags.empty();
}

bool is_metadata_field(std::string_view field) {
  return field == kOwnerField || field == kSlaField || field == kDocField || field == kTagsField;
}

bool is_config_field(std::string_view field) {
  const bool other = field == kPartitionsField || field == kReplicationFactorField || field == kOperationField;
  return !other && !is_metadata_field(field);
}

TopicChange::TopicChange(const TopicBatch& batch, const TopicItem& item, const PlannedItem& planned,
                         const ClusterState& state)
    : env_(batch.env),
      item_(item),
      planned_(planned),
      state_(state),
      live_(find_live(state, item.name)),
      owners_(owners_of(item, state)),
      recorded_(recorded_metadata(item, state)) {}

std::optional<std::int32_t> TopicChange::partitions() const {
  return planned_.intended.partitions ? planned_.intended.partitions : state_.default_partitions;
}

std::optional<std::int32_t> TopicChange::replication_factor() const {
  return planned_.intended.replication_factor ? planned_.intended.replication_factor
                                              : state_.default_replication_factor;
}

std::optional<std::string_view> TopicChange::config(std::string_view key) const {
  const auto& intended = planned_.intended;
  if (const auto set = intended.set.find(key); set != intended.set.end()) return set->second;
  const bool unset = std::binary_search(intended.unset.begin(), intended.unset.end(), key);
  if (!unset) return exists() ? config_before(key) : find_default(state_, key);
  if (exists()) {
    const auto found = live_->configs.find(key);
    if (found != live_->configs.end() && found->second.fallback) return *found->second.fallback;
  }
  return find_default(state_, key);
}

std::optional<std::int32_t> TopicChange::partitions_before() const {
  if (!exists()) return std::nullopt;
  return live_->partitions;
}

std::optional<std::int32_t> TopicChange::replication_factor_before() const {
  if (!exists()) return std::nullopt;
  return live_->replication_factor;
}

std::optional<std::string_view> TopicChange::config_before(std::string_view key) const {
  if (!exists()) return std::nullopt;
  const auto found = live_->configs.find(key);
  return found == live_->configs.end() ? find_default(state_, key) : found->second.value;
}

std::optional<std::int64_t> TopicChange::consumers() const {
  const auto found = state_.groups.find(item_.name);
  if (found == state_.groups.end()) return std::nullopt;
  std::int64_t members = 0;
  for (const auto& group : found->second) members += group.members;
  return members;
}

std::optional<std::int64_t> TopicChange::records() const {
  const auto found = state_.records.find(item_.name);
  if (found == state_.records.end()) return std::nullopt;
  return found->second;
}

bool TopicChange::sets(std::string_view key) const {
  const auto& intended = planned_.intended;
  if (intended.set.find(key) != intended.set.end()) return true;
  if (!exists() || std::binary_search(intended.unset.begin(), intended.unset.end(), key)) return false;
  const auto found = live_->configs.find(key);
  return found != live_->configs.end() && found->second.source == ValueSource::kTopic;
}

bool TopicChange::touches(std::string_view field) const {
  if (field == kOperationField) return planned_.action != PlannedAction::kNone;
  return !exists() || planned_.diff_of(field) != nullptr || states(item_.metadata, field);
}

std::vector<std::string> TopicChange::group_ids() const {
  std::vector<std::string> ids;
  if (const auto found = state_.groups.find(item_.name); found != state_.groups.end()) {
    for (const auto& group : found->second) ids.push_back(group.id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace sluice::governance::domain
