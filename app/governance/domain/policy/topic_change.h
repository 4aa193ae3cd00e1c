// One planned topic as rules see it: before, after, and what the item itself touches. A view: it
// lives no longer than the batch, the state and the planned item it was made from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "governance/domain/topic/cluster_state.h"
#include "governance/domain/plan/plan.h"
#include "governance/domain/policy/topic_owners.h"
#include "governance/domain/topic/topic_batch.h"

namespace sluice::governance::domain {

// The fields of metadata as rules and their findings name them.
inline constexpr std::string_view kOwnerField = "metadata.owner";
inline constexpr std::string_view kSlaField = "metadata.sla";
inline constexpr std::string_view kDocField = "metadata.doc";
inline constexpr std::string_view kTagsField = "metadata.tags";
// In `Rule::reads`: the rule decides whenever anything is changed at all.
inline constexpr std::string_view kOperationField = "op";
// The rest are keys of configs.
bool is_config_field(std::string_view field);
bool is_metadata_field(std::string_view field);
bool states(const TopicMetadata& metadata, std::string_view field);  // false: the field is none of metadata

class TopicChange {
 public:
  TopicChange(const TopicBatch& batch, const TopicItem& item, const PlannedItem& planned,
              const ClusterState& state);

  [[nodiscard]] const EnvironmentName& env() const { return env_; }
  [[nodiscard]] const TopicName& name() const { return item_.name; }
  [[nodiscard]] PlannedAction action() const { return planned_.action; }
  // After the change: the item's over what is on record. Of a topic to delete, what is on record counts.
  [[nodiscard]] const TopicMetadata& metadata() const { return recorded_ ? *recorded_ : item_.metadata; }
  [[nodiscard]] const TopicOwners& owners() const { return owners_; }
  [[nodiscard]] bool exists() const { return live_ != nullptr; }
  [[nodiscard]] bool internal() const { return live_ != nullptr && live_->internal; }

  // After the change; where the topic sets nothing, what the broker would apply.
  [[nodiscard]] std::optional<std::int32_t> partitions() const;
  [[nodiscard]] std::optional<std::int32_t> replication_factor() const;
  [[nodiscard]] std::optional<std::string_view> config(std::string_view key) const;
  // Before the change; nothing when the topic does not exist.
  [[nodiscard]] std::optional<std::int32_t> partitions_before() const;
  [[nodiscard]] std::optional<std::int32_t> replication_factor_before() const;
  [[nodiscard]] std::optional<std::string_view> config_before(std::string_view key) const;

  // The consumer groups of the topic, sorted; empty unless the state was asked for them.
  [[nodiscard]] std::vector<std::string> group_ids() const;
  // Nothing: not read. How many consumers the topic's groups have, and how many offsets it holds.
  [[nodiscard]] std::optional<std::int64_t> consumers() const;
  [[nodiscard]] std::optional<std::int64_t> records() const;
  // Whether the topic itself sets the key after the change, whatever the broker would apply.
  [[nodiscard]] bool sets(std::string_view key) const;
  // Whether the item changes the field: the topic is new, or the plan has a diff of it. Metadata that the
  // item states it touches, whatever was said before.
  [[nodiscard]] bool touches(std::string_view field) const;

 private:
  const EnvironmentName& env_;
  const TopicItem& item_;
  const PlannedItem& planned_;
  const ClusterState& state_;
  const LiveTopic* live_;
  TopicOwners owners_;
  std::optional<TopicMetadata> recorded_;  // with the item's; nothing: nothing is on record
};

}  // namespace sluice::governance::domain
