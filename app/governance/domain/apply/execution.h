// One apply of an approved revision, as its journal has it: the execution, and what became of each
// item. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "governance/domain/plan/plan.h"
#include "governance/domain/topic/names.h"
#include "platform/core/clock.h"

namespace sluice::governance::domain {

enum class ExecutionState : std::uint8_t {
  kRunning,
  kApplied,  // every item is done
  kPartial,  // some are, some are not
  kFailed,   // none is
};
std::string_view to_string(ExecutionState state);  // "RUNNING", "APPLIED", "PARTIAL", "FAILED"
std::optional<ExecutionState> parse_execution_state(std::string_view text);

enum class ItemState : std::uint8_t {
  kPending,  // not begun
  kIntent,   // begun: its calls may or may not have been sent
  kDone,     // seen in the cluster as intended
  kFailed,   // Kafka refused a call, or none could be sent
  kStale,    // the topic is not as it was when the plan was approved; nothing was sent for it
  kUnknown,  // sent, and nobody has seen what came of it
};
std::string_view to_string(ItemState state);  // "PENDING", "INTENT", "DONE", "FAILED", "STALE", "UNKNOWN"
std::optional<ItemState> parse_item_state(std::string_view text);

// What became of an item so far.
struct ItemOutcome {
  ItemState state = ItemState::kPending;
  std::string code;     // stable: Kafka's own name of an error, "plan.stale", …; empty when done
  std::string message;  // for people; Kafka's own words where it spoke
  bool retryable = false;
  std::string topic_id;  // after the change

  bool operator==(const ItemOutcome&) const = default;
};

// Whether applying the change once more would try this item once more.
[[nodiscard]] bool is_open(const ItemOutcome& outcome);

struct ExecutionItem {
  std::int64_t position = 0;  // in the order of execution, from 0
  TopicName name;
  PlannedAction action = PlannedAction::kNone;
  ItemOutcome outcome;
  std::int64_t attempts = 0;
  TimePoint updated_at;
};

// Whether a call of an earlier attempt may have happened without anybody having seen what came of it. A
// failed create or delete is its one call, refused or not sent; an alter is several, and one before the call
// that failed may have happened.
[[nodiscard]] bool is_in_doubt(const ExecutionItem& item);

struct Execution {
  std::string id;
  ChangeId change_id;
  std::int64_t revision = 0;
  std::string digest;
  std::string approval_id;
  EnvironmentName environment;
  std::string cluster_id;
  ExecutionState state = ExecutionState::kRunning;
  std::string started_by;
  TimePoint started_at;
  std::optional<TimePoint> finished_at;
  bool is_leased = false;  // somebody is at it right now
  std::vector<ExecutionItem> items;  // by position
};

// What an execution that has come to its end is called.
[[nodiscard]] ExecutionState end_state(const std::vector<ExecutionItem>& items);
// Whether applying once more could still bring something about.
[[nodiscard]] bool can_resume(const Execution& execution);

}  // namespace sluice::governance::domain
