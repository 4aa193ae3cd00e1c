// How far applies are, for whoever follows them. Thread-safe; one statement, however many are asked for.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "governance/domain/apply/execution.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::governance::domain {

struct ExecutionProgress {
  std::string execution_id;
  ExecutionState state = ExecutionState::kRunning;
  std::map<ItemState, std::int64_t> items;

  bool operator==(const ExecutionProgress&) const = default;
};

class ProgressReader {
 public:
  virtual ~ProgressReader() = default;
  // Of each change's newest execution; changes that were never applied are left out.
  virtual Result<std::map<ChangeId, ExecutionProgress>> progress_of(std::span<const ChangeId> changes,
                                                                    Deadline deadline) = 0;
};

}  // namespace sluice::governance::domain
