#include "governance/application/apply/item_record.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "governance/application/plan_json.h"
#include "platform/core/text.h"

namespace sluice::governance::application {
namespace {

using audit::contract::Entry;
using audit::contract::Outcome;
using domain::ItemState;
using domain::PlannedAction;

std::string_view action_of(PlannedAction action) {
  switch (action) {
    case PlannedAction::kCreate: return "topic.create";
    case PlannedAction::kAlter: return "topic.alter";
    case PlannedAction::kDelete: return "topic.delete";
    case PlannedAction::kNone: return "topic.check";
  }
  return "topic.check";
}

Outcome outcome_of(const ChunkItem& item) {
  switch (item.outcome.state) {
    case ItemState::kDone: return Outcome::kDone;
    // A call before this one, or of an earlier attempt, may have happened.
    case ItemState::kStale: return item.sent || item.in_doubt ? Outcome::kUnknown : Outcome::kRefused;
    case ItemState::kFailed: return item.sent || item.in_doubt ? Outcome::kUnknown : Outcome::kFailed;
    case ItemState::kPending: return Outcome::kRefused;  // held
    case ItemState::kIntent:
    case ItemState::kUnknown: return Outcome::kUnknown;
  }
  return Outcome::kUnknown;
}

Json shown_config(const domain::LiveConfig& config) {
  return {{"value", config.value}, {"source", domain::to_string(config.source)}};
}

// The topic as it was seen afterwards, in the fields that the item is about.
Json after_json(const ChunkItem& item) {
  if (!item.seen) return {};
  Json configs = Json::object();
  const auto add = [&](const std::string& key) {
    const auto found = item.seen->configs.find(key);
    if (found != item.seen->configs.end()) configs[key] = shown_config(found->second);
  };
  for (const auto& [key, _] : item.planned->intended.set) add(key);
  for (const auto& key : item.planned->intended.unset) add(key);
  return {{"exists", true},
          {"topicId", item.seen->topic_id},
          {"partitions", item.seen->partitions},
          {"replicationFactor", item.seen->replication_factor},
          {"configs", std::move(configs)}};
}

std::string detail_of(const ChunkItem& item) {
  if (item.outcome.state != ItemState::kDone) return fmt::format("{}: {}", item.outcome.code, item.outcome.message);
  if (item.attempt == domain::Attempt::kAgain && !item.sent) return "found done after an interruption";
  if (item.notice.empty()) return item.planned->reason;
  return item.planned->reason.empty() ? item.notice : fmt::format("{} ({})", item.planned->reason, item.notice);
}

Entry entry_for(const RunningExecution& execution) {
  Entry entry;
  entry.environment = execution.record.environment.str();
  entry.change_id = execution.record.change_id.str();
  entry.actor = execution.actor;
  entry.request_id = execution.request_id;
  return entry;
}

struct Count {
  ItemState state;
  std::string_view word;
  std::size_t items = 0;
};

std::array<Count, 6> counts_of(const domain::Execution& execution) {
  std::array<Count, 6> counts{{{ItemState::kDone, "done"},
                               {ItemState::kFailed, "failed"},
                               {ItemState::kStale, "stale"},
                               {ItemState::kUnknown, "unknown"},
                               {ItemState::kIntent, "under way"},
                               {ItemState::kPending, "not begun"}}};
  for (Count& count : counts) {
    count.items = static_cast<std::size_t>(
        std::count_if(execution.items.begin(), execution.items.end(),
                      [&](const domain::ExecutionItem& item) { return item.outcome.state == count.state; }));
  }
  return counts;
}

Json execution_facts(const domain::Execution& execution) {
  return {{"executionId", execution.id},
          {"revision", execution.revision},
          {"digest", execution.digest},
          {"state", domain::to_string(execution.state)},
          {"items", execution.items.size()}};
}

}  // namespace

std::optional<Entry> audit_entry(const RunningExecution& execution, const ChunkItem& item) {
  const bool asked_for_nothing = item.planned->action == PlannedAction::kNone;
  if (asked_for_nothing && item.outcome.state == ItemState::kDone) return std::nullopt;
  Entry entry = entry_for(execution);
  entry.action = action_of(item.planned->action);
  entry.target = "topic";
  entry.name = item.planned->name.str();
  entry.before = fingerprint_to_json(item.planned->live);
  entry.after = after_json(item);
  entry.outcome = outcome_of(item);
  entry.detail = detail_of(item);
  return entry;
}

Entry begin_entry(const RunningExecution& execution, std::string_view action) {
  Entry entry = entry_for(execution);
  entry.action = action;
  entry.target = "change";
  entry.name = execution.record.change_id.str();
  entry.after = execution_facts(execution.record);
  return entry;
}

std::string summary_of(const domain::Execution& execution) {
  std::vector<std::string> parts;
  for (const Count& count : counts_of(execution)) {
    if (count.items > 0) parts.push_back(fmt::format("{} {}", count.items, count.word));
  }
  return join(parts, ", ");
}

Ending ending_of(const RunningExecution& execution, TimePoint at) {
  domain::Execution record = execution.record;
  record.state = domain::end_state(record.items);
  Ending ending;
  ending.state = record.state;
  ending.at = at;
  ending.entry = begin_entry(execution, "change.apply");
  ending.entry.after = execution_facts(record);
  ending.entry.detail = summary_of(record);
  ending.entry.outcome = record.state == domain::ExecutionState::kApplied ? Outcome::kDone : Outcome::kFailed;
  const bool applied = record.state == domain::ExecutionState::kApplied;
  ending.notification.event = applied ? notify::contract::Event::kApplied : notify::contract::Event::kFailed;
  ending.notification.environment = record.environment.str();
  ending.notification.change_id = record.change_id.str();
  ending.notification.issue = execution.issue;
  ending.notification.actor = execution.actor;
  ending.notification.summary = fmt::format("{}: {}", domain::to_string(record.state), ending.entry.detail);
  ending.notification.facts = execution_facts(record);
  return ending;
}

}  // namespace sluice::governance::application
