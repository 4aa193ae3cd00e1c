// What has been applied, for whoever shows it. Thread-safe; calls block up to the deadline.
#pragma once

#include <optional>

#include "governance/domain/apply/execution.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::governance::domain {

class ExecutionReader {
 public:
  virtual ~ExecutionReader() = default;

  // The change's newest execution, with its items; empty when it was never applied.
  virtual Result<std::optional<Execution>> newest_of(const ChangeId& change, Deadline deadline) = 0;
};

}  // namespace sluice::governance::domain
