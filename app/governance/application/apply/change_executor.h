// Runs an execution to its end, or until it has to stop: what exists already, creates, alters,
// replica moves, deletes last; each in chunks, each chunk journalled before and after its calls.
#pragma once

#include <stop_token>

#include "governance/application/apply/chunk.h"

namespace sluice::governance::application {

// The items in the order of execution; each group in the batch's own order.
std::vector<domain::PlannedItem> in_order_of_execution(std::vector<domain::PlannedItem> items);

// Thread-safe: each run() owns its execution.
class ChangeExecutor {
 public:
  explicit ChangeExecutor(ApplyServices& services) : services_(services) {}

  // The end state; kRunning when `stop` came first, the lease then given back for whoever goes on. An
  // error when the journal could not be kept: apply.lease-lost, or what the database said. Blocks as
  // long as Kafka takes.
  Result<domain::ExecutionState> run(RunningExecution& execution, const std::stop_token& stop);

 private:
  // Whether what is left of the execution may still be tried.
  Result<bool> run_group(RunningExecution& execution, int group, const std::stop_token& stop);
  Result<domain::ExecutionState> finish(RunningExecution& execution);
  Result<domain::ExecutionState> give_back(RunningExecution& execution);

  ApplyServices& services_;
};

}  // namespace sluice::governance::application
