// Who consumes a topic: groups with members assigned to it or offsets committed for it.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include "governance/domain/topic/cluster_state.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/kafka/admin.h"

namespace sluice::governance::infrastructure {

// At most two requests for each group of the cluster. A cluster
// with more than `max_groups` groups is an error: half a list of consumers would be a false one.
Result<std::map<domain::TopicName, std::vector<domain::GroupUse>>> read_group_uses(
    kafka::Admin& admin, std::span<const domain::TopicName> names, std::size_t max_groups, Deadline deadline);

}  // namespace sluice::governance::infrastructure
