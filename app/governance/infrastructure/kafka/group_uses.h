// Who consumes a topic: groups with members assigned to it or offsets committed for it.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "governance/domain/topic/cluster_state.h"
#include "governance/infrastructure/kafka/read_groups.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/kafka/admin.h"

namespace sluice::governance::infrastructure {

// By read_groups(); one group that does not answer is an error: half a list of consumers would be a
// false one.
Result<std::map<domain::TopicName, std::vector<domain::GroupUse>>> read_group_uses(
    kafka::Admin& admin, std::span<const domain::TopicName> names, const GroupLimits& limits, Deadline deadline);

}  // namespace sluice::governance::infrastructure
