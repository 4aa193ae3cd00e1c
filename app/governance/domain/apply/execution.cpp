#include "governance/domain/apply/execution.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::governance::domain {
namespace {

constexpr std::array<std::pair<ExecutionState, std::string_view>, 4> kExecutionStates{{
    {ExecutionState::kRunning, "RUNNING"},
    {ExecutionState::kApplied, "APPLIED"},
    {ExecutionState::kPartial, "PARTIAL"},
    {ExecutionState::kFailed, "FAILED"},
}};

constexpr std::array<std::pair<ItemState, std::string_view>, 6> kItemStates{{
    {ItemState::kPending, "PENDING"},
    {ItemState::kIntent, "INTENT"},
    {ItemState::kDone, "DONE"},
    {ItemState::kFailed, "FAILED"},
    {ItemState::kStale, "STALE"},
    {ItemState::kUnknown, "UNKNOWN"},
}};

template <typename Table>
auto parse(const Table& table, std::string_view text) -> std::optional<decltype(table[0].first)> {
  const auto found = std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.second == text; });
  if (found == table.end()) return std::nullopt;
  return found->first;
}

}  // namespace

std::string_view to_string(ExecutionState state) { return kExecutionStates[static_cast<std::size_t>(state)].second; }
std::string_view to_string(ItemState state) { return kItemStates[static_cast<std::size_t>(state)].second; }

std::optional<ExecutionState> parse_execution_state(std::string_view text) {
  const auto found = parse(kExecutionStates, text);
  return found ? std::optional<ExecutionState>(*found) : std::nullopt;
}

std::optional<ItemState> parse_item_state(std::string_view text) {
  const auto found = parse(kItemStates, text);
  return found ? std::optional<ItemState>(*found) : std::nullopt;
}

bool is_open(const ItemOutcome& outcome) {
  switch (outcome.state) {
    case ItemState::kPending:
    case ItemState::kIntent:
    case ItemState::kUnknown: return true;
    case ItemState::kFailed: return outcome.retryable;
    case ItemState::kDone:
    case ItemState::kStale: return false;
  }
  return false;
}

bool is_in_doubt(const ExecutionItem& item) {
  switch (item.outcome.state) {
    case ItemState::kIntent:
    case ItemState::kUnknown: return true;
    case ItemState::kFailed: return item.action == PlannedAction::kAlter;
    case ItemState::kPending:
    case ItemState::kDone:
    case ItemState::kStale: return false;
  }
  return false;
}

ExecutionState end_state(const std::vector<ExecutionItem>& items) {
  const auto done = std::count_if(items.begin(), items.end(), [](const ExecutionItem& item) {
    return item.outcome.state == ItemState::kDone;
  });
  if (done == static_cast<std::ptrdiff_t>(items.size())) return ExecutionState::kApplied;
  // What is already as it should be is no success of this apply.
  const bool achieved = std::any_of(items.begin(), items.end(), [](const ExecutionItem& item) {
    return item.outcome.state == ItemState::kDone && item.action != PlannedAction::kNone;
  });
  return achieved ? ExecutionState::kPartial : ExecutionState::kFailed;
}

bool can_resume(const Execution& execution) {
  return execution.state != ExecutionState::kApplied &&
         (execution.state == ExecutionState::kRunning ||
          std::any_of(execution.items.begin(), execution.items.end(),
                      [](const ExecutionItem& item) { return is_open(item.outcome); }));
}

}  // namespace sluice::governance::domain
