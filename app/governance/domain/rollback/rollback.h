// From what was applied to what takes it back, saying honestly what cannot be taken back. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "governance/domain/apply/execution.h"
#include "governance/domain/plan/plan.h"
#include "governance/domain/topic/cluster_state.h"
#include "governance/domain/topic/topic_batch.h"

namespace sluice::governance::domain {

enum class Fidelity : std::uint8_t {
  kNothing,     // nothing was changed, or nothing is left to take back
  kExact,       // the state before comes back
  kLossy,       // what can come back does; the reason says what does not
  kImpossible,  // nothing of it can come back
};
std::string_view to_string(Fidelity fidelity);  // "nothing", "exact", "lossy", "impossible"

struct InverseItem {
  TopicName name;
  PlannedAction undoes = PlannedAction::kNone;
  Fidelity fidelity = Fidelity::kNothing;
  std::vector<std::string> reasons;  // none when exact
  std::optional<TopicItem> item;     // what to plan; none: nothing can or has to be done
};

struct AppliedItem {
  const PlannedItem& planned;
  ItemState state = ItemState::kDone;
  std::string topic_id;  // after the change
};

// The cluster as it is now, as far as it decides what can come back.
struct RollbackGround {
  const ClusterState& state;                    // of all applied names
  std::map<TopicName, std::int64_t> records;    // of the topics that were created
  std::map<TopicName, TopicMetadata> metadata;  // as last known, for topics to make again
};

// One for each, in their order. A create is undone by a delete: exact only while the topic is empty. A
// delete by a create: always lossy. Partitions never shrink. A field that somebody changed since is
// taken back, too, and said to be lossy.
std::vector<InverseItem> invert(std::span<const AppliedItem> applied, const RollbackGround& ground);

}  // namespace sluice::governance::domain
