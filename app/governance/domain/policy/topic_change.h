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
#include "governance/domain/topic/topic_batch.h"

namespace sluice::governance::domain {

class TopicChange {
 public:
  TopicChange(const TopicBatch& batch, const TopicItem& item, const PlannedItem& planned,
              const ClusterState& state);

  [[nodiscard]] const EnvironmentName& env() const { return env_; }
  [[nodiscard]] const TopicName& name() const { return item_.name; }
  [[nodiscard]] PlannedAction action() const { return planned_.action; }
  [[nodiscard]] const TopicMetadata& metadata() const { return item_.metadata; }
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
  // Whether the item changes the field: the topic is new, or the plan has a diff of it.
  [[nodiscard]] bool touches(std::string_view field) const;

 private:
  const EnvironmentName& env_;
  const TopicItem& item_;
  const PlannedItem& planned_;
  const ClusterState& state_;
  const LiveTopic* live_;
};

}  // namespace sluice::governance::domain
