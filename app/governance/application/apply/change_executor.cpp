#include "governance/application/apply/change_executor.h"

#include <algorithm>

#include "governance/application/apply/item_record.h"

namespace sluice::governance::application {
namespace {

using domain::PlannedAction;
using domain::PlannedItem;

constexpr int kGroups = 5;

// What only has to be as it is comes first: nothing of it waits for Kafka. Deletes come last, so that
// nothing is lost before what replaces it is there.
int group_of(const PlannedItem& item) {
  switch (item.action) {
    case PlannedAction::kNone: return 0;
    case PlannedAction::kCreate: return 1;
    case PlannedAction::kAlter: return item.diff_of(domain::kReplicationFactorField) == nullptr ? 2 : 3;
    case PlannedAction::kDelete: return 4;
  }
  return 0;
}

std::vector<std::int64_t> open_positions(const RunningExecution& execution, int group) {
  std::vector<std::int64_t> open;
  for (const domain::ExecutionItem& item : execution.record.items) {
    const bool here = group_of(execution.planned[static_cast<std::size_t>(item.position)]) == group;
    if (here && domain::is_open(item.outcome)) open.push_back(item.position);
  }
  return open;
}

bool any_open(const RunningExecution& execution) {
  return std::any_of(execution.record.items.begin(), execution.record.items.end(),
                     [](const domain::ExecutionItem& item) { return domain::is_open(item.outcome); });
}

}  // namespace

std::vector<PlannedItem> in_order_of_execution(std::vector<PlannedItem> items) {
  std::stable_sort(items.begin(), items.end(), [](const PlannedItem& a, const PlannedItem& b) {
    return group_of(a) < group_of(b);
  });
  return items;
}

Result<domain::ExecutionState> ChangeExecutor::run(RunningExecution& execution, const std::stop_token& stop) {
  for (int group = 0; group < kGroups; ++group) {
    SLUICE_TRY(const bool may_go_on, run_group(execution, group, stop));
    if (!may_go_on) break;
  }
  return stop.stop_requested() && any_open(execution) ? give_back(execution) : finish(execution);
}

Result<bool> ChangeExecutor::run_group(RunningExecution& execution, int group, const std::stop_token& stop) {
  const std::vector<std::int64_t> open = open_positions(execution, group);
  for (std::size_t first = 0; first < open.size(); first += services_.options.chunk) {
    if (stop.stop_requested()) return false;
    const auto last = std::min(first + services_.options.chunk, open.size());
    Chunk chunk(services_, execution, {open.begin() + static_cast<std::ptrdiff_t>(first),
                                       open.begin() + static_cast<std::ptrdiff_t>(last)});
    SLUICE_CHECK(chunk.run(stop));
    if (chunk.cluster_is_away()) return false;
  }
  return true;
}

Result<domain::ExecutionState> ChangeExecutor::finish(RunningExecution& execution) {
  const Ending ending = ending_of(execution, services_.clock.now());
  SLUICE_CHECK(services_.journal.finish(execution.lease, ending,
                                        Deadline::after(services_.options.journal_deadline)));
  execution.record.state = ending.state;
  execution.record.finished_at = ending.at;
  services_.observer.progressed(execution.record);
  return ending.state;
}

// If the lease can't be given back it runs out by itself.
Result<domain::ExecutionState> ChangeExecutor::give_back(RunningExecution& execution) {
  SLUICE_CHECK(services_.journal.release(execution.lease, Deadline::after(services_.options.journal_deadline)));
  return domain::ExecutionState::kRunning;
}

}  // namespace sluice::governance::application
