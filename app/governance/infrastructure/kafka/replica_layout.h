// Where replicas are, as three kinds of request tell it: placement from the admin client, what is under
// way from the controller, sizes from each broker.
#pragma once

#include <chrono>
#include <span>

#include "governance/domain/moves/replica_layout.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/kafka/admin.h"

namespace sluice::governance::infrastructure {

// Sizes that a broker does not tell are left out: a plan says that it does not know them.
Result<domain::ReplicaLayout> read_replica_layout(kafka::Admin& admin, std::span<const domain::TopicName> names,
                                                  std::chrono::milliseconds call_deadline, Deadline deadline);

}  // namespace sluice::governance::infrastructure
