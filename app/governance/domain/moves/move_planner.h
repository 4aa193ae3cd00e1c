// From a topic's placement and a new replication factor to where each replica is to be. Pure, and
// the same for the same layout: the approval binds what comes out.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "governance/domain/moves/replica_layout.h"
#include "governance/domain/topic/names.h"
#include "platform/core/result.h"

namespace sluice::governance::domain {

// Of a topic, which replicas the brokers slow down. "*" while its replicas move.
inline constexpr std::array<std::string_view, 2> kThrottleMarks{"follower.replication.throttled.replicas",
                                                                "leader.replication.throttled.replicas"};

struct PartitionMove {
  std::int32_t partition = 0;
  std::vector<std::int32_t> from;  // the preferred leader first
  std::vector<std::int32_t> to;

  bool operator==(const PartitionMove&) const = default;
};

struct PlannedMoves {
  std::vector<PartitionMove> assignment;  // of the partitions that change, by id; empty: no moves
  std::optional<std::int64_t> bytes;      // to be copied between brokers; none: not known
  std::int64_t throttle_bytes_per_s = 0;  // of each broker, while it lasts

  bool operator==(const PlannedMoves&) const = default;
};

// More replicas: what is there stays in its order, so the preferred leader does; each new replica
// goes to a live broker in a rack that the partition does not have yet, then to one that holds less
// data than others, then to the one with the fewest replicas of this topic. Fewer: the leader stays,
// replicas that are not in sync go first, then those whose rack another one has.
// An Error says why it can't be done: kafka.reassignment-in-progress, replicas.broker-down,
// replicas.no-leader, replicas.too-few-brokers, replicas.unknown, replicas.unsupported.
Result<PlannedMoves> plan_moves(const ReplicaLayout& layout, const TopicName& topic, std::int32_t replication_factor);

}  // namespace sluice::governance::domain
