// Every consumer group of a cluster, its members and what it has committed.
#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/kafka/admin.h"

namespace sluice::governance::infrastructure {

struct ReadGroup {
  std::string id;
  std::string state;
  Result<std::vector<kafka::GroupMember>> members;
  Result<std::vector<kafka::CommittedOffset>> offsets;
};

struct GroupLimits {
  std::size_t max_groups = 1000;
  std::chrono::milliseconds call_deadline{10'000};  // of each admin call, within the caller's own
};

// By id, without groups that ended meanwhile. At most two requests for each group. A cluster with more
// than `max_groups` groups is an error: half a list of consumers would be a false one. Cancelled
// (kCancelled) after `stop`.
Result<std::vector<ReadGroup>> read_groups(kafka::Admin& admin, const GroupLimits& limits, Deadline deadline,
                                           const std::stop_token& stop = {});

}  // namespace sluice::governance::infrastructure
