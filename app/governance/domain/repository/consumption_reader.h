// Who reads a cluster's topics. Blocks until the deadline at most. Thread-safe.
#pragma once

#include <span>
#include <stop_token>

#include "governance/domain/catalogue/consumption.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::governance::domain {

class ConsumptionReader {
 public:
  virtual ~ConsumptionReader() = default;
  // Every group of the cluster and how far it is in these topics. Kafka can't be asked who reads a
  // topic: one topic costs as much as all. A group that does not answer is `unread`; when the list of
  // groups itself does not come, or is longer than we may look at, that is an error; so is `stop`.
  virtual Result<ConsumptionLook> look(std::span<const TopicName> names, Deadline deadline,
                                       const std::stop_token& stop) = 0;
};

}  // namespace sluice::governance::domain
