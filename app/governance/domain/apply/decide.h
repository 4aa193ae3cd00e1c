// What is left to do for a planned item, given the topic as it is now. Pure: the heart of the journal
// that docs/guide/apply.md argues about.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "governance/domain/plan/plan.h"
#include "governance/domain/topic/cluster_state.h"

namespace sluice::governance::domain {

enum class Attempt : std::uint8_t {
  kFirst,  // the journal holds no earlier intent: nothing of ours can have happened
  kAgain,  // it does, or our calls were just sent: any of them may have happened
};

// A field that is neither as it was approved from nor as it was approved to become. "exists",
// "topicId", "partitions", "replicationFactor", "defaultPartitions", "defaultReplicationFactor" or a
// config key; "absent" where there is no value.
struct StaleField {
  std::string field;
  std::string expected;
  std::string found;

  bool operator==(const StaleField&) const = default;
};

struct NothingLeft {
  bool operator==(const NothingLeft&) const = default;
};

// In the order in which they are sent; later ones only when the ones before did not fail.
struct CallsLeft {
  bool create = false;
  std::optional<std::int32_t> grow_to;
  std::map<std::string, std::string, std::less<>> set;
  std::vector<std::string> unset;
  bool move_replicas = false;
  bool remove = false;

  bool operator==(const CallsLeft&) const = default;
};

using WorkLeft = std::variant<NothingLeft, CallsLeft, StaleField>;

// First: the live state must be the one the item was planned from, in every field of its fingerprint.
// Again: each field must be as it was or as it is intended to be. A create whose topic is there as
// intended and a delete whose topic is gone leave nothing; a topic of another id is never ours.
WorkLeft decide(const PlannedItem& item, const ClusterState& now, Attempt attempt);

// The first field in which the two differ; nothing when they are the same.
std::optional<StaleField> difference(const LiveFingerprint& approved, const LiveFingerprint& now);

}  // namespace sluice::governance::domain
