// What people last said about topics, for whoever judges a change of them. Thread-safe; calls may block
// up to the deadline.
#pragma once

#include <map>
#include <span>

#include "governance/domain/topic/names.h"
#include "governance/domain/topic/topic_batch.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::governance::domain {

class TopicRecords {
 public:
  virtual ~TopicRecords() = default;

  // As the applies so far have declared it. A topic that none has declared is absent.
  virtual Result<std::map<TopicName, TopicMetadata>> metadata_of(const EnvironmentName& environment,
                                                                 std::span<const TopicName> names,
                                                                 Deadline deadline) = 0;
};

}  // namespace sluice::governance::domain
