#include "governance/domain/rollback/rollback.h"

#include <algorithm>

#include <fmt/format.h>

#include "governance/domain/topic/config_value.h"

namespace sluice::governance::domain {
namespace {

InverseItem started(const AppliedItem& applied, Fidelity fidelity) {
  return {applied.planned.name, applied.planned.action, fidelity, {}, std::nullopt};
}

InverseItem impossible(const AppliedItem& applied, std::string reason) {
  InverseItem inverse = started(applied, Fidelity::kImpossible);
  inverse.reasons.push_back(std::move(reason));
  return inverse;
}

void lose(InverseItem& inverse, std::string reason) {
  inverse.fidelity = Fidelity::kLossy;
  inverse.reasons.push_back(std::move(reason));
}

TopicItem item_of(const AppliedItem& applied, ItemAction action) {
  TopicItem item;
  item.name = applied.planned.name;
  item.action = action;
  return item;
}

// The topic that was changed, not another one that bears its name now.
bool is_another(const AppliedItem& applied, const LiveTopic& live) {
  const std::string& changed = applied.topic_id.empty() ? applied.planned.live.topic_id : applied.topic_id;
  return !changed.empty() && changed != live.topic_id;
}

constexpr std::string_view kAnother = "the topic was deleted since; another one has its name now";

// --- how a field reads now ---------------------------------------------------------------------

bool is_count(const FieldDiff& diff) {
  return diff.field == kPartitionsField || diff.field == kReplicationFactorField;
}

std::optional<std::string> live_value(const FieldDiff& diff, const LiveTopic& live) {
  if (diff.field == kPartitionsField) return std::to_string(live.partitions);
  if (diff.field == kReplicationFactorField) return std::to_string(live.replication_factor);
  const auto found = live.configs.find(diff.field);
  return found == live.configs.end() ? std::nullopt : std::optional(found->second.value);
}

bool same(const FieldDiff& diff, const std::optional<std::string>& a, const std::optional<std::string>& b) {
  if (!a || !b) return !a && !b;
  return is_count(diff) ? *a == *b : same_config_value(diff.field, *a, *b);
}

// A topic that was made is taken away whole, with what somebody has given it since.
void lose_later_changes(const AppliedItem& applied, const LiveTopic& live, InverseItem& inverse) {
  for (const FieldDiff& diff : applied.planned.diffs) {
    const auto now = live_value(diff, live);
    if (!diff.new_value || same(diff, now, diff.new_value)) continue;
    lose(inverse, fmt::format("{} is {} now, no longer the {} that was applied: that later change is lost, too",
                              diff.field, now.value_or("(not set)"), *diff.new_value));
  }
  for (const auto& [field, value] : live.configs) {
    const FieldDiff* given = applied.planned.diff_of(field);
    if (value.source != ValueSource::kTopic || (given != nullptr && given->new_value)) continue;
    lose(inverse, fmt::format("{} has been set to {} since: that later change is lost, too", field, value.value));
  }
}

// --- create and delete ----------------------------------------------------------------------------

InverseItem undo_create(const AppliedItem& applied, const LiveTopic* live, const RollbackGround& ground) {
  if (!live) return started(applied, Fidelity::kNothing);
  // Never the topic that somebody else made.
  if (applied.topic_id.empty()) return impossible(applied, "nobody has seen that this change made the topic");
  if (is_another(applied, *live)) return impossible(applied, std::string(kAnother));
  InverseItem inverse = started(applied, Fidelity::kExact);
  inverse.item = item_of(applied, ItemAction::kDelete);
  const auto records = ground.records.find(applied.planned.name);
  if (records == ground.records.end()) {
    lose(inverse, "whether the topic holds records is not known; they would be lost");
  } else if (records->second > 0) {
    lose(inverse, fmt::format("{} records written since would be lost", records->second));
  }
  lose_later_changes(applied, *live, inverse);
  return inverse;
}

InverseItem undo_delete(const AppliedItem& applied, const LiveTopic* live, const RollbackGround& ground) {
  if (live && live->topic_id == applied.planned.live.topic_id) return started(applied, Fidelity::kNothing);
  if (live) return impossible(applied, "a topic of that name exists again");
  const auto& lost = applied.planned.lost;
  if (!lost) return impossible(applied, "the plan does not say what the topic was");
  InverseItem inverse = started(applied, Fidelity::kExact);
  TopicItem item = item_of(applied, ItemAction::kCreate);
  item.partitions = lost->partitions;
  item.replication_factor = lost->replication_factor;
  item.configs.insert(lost->set.begin(), lost->set.end());
  const auto metadata = ground.metadata.find(item.name);
  if (metadata != ground.metadata.end()) item.metadata = metadata->second;
  inverse.item = std::move(item);
  lose(inverse, "the topic comes back empty: its records, its groups' offsets and its topic id are gone");
  return inverse;
}

// --- alter ----------------------------------------------------------------------------------

// Somebody has given the field another value than the one before and the one that was applied.
bool changed_since(const FieldDiff& diff, const LiveTopic& live) {
  const auto now = live_value(diff, live);
  return !same(diff, now, diff.new_value) && !same(diff, now, diff.old_value);
}

void undo_partitions(const LiveFingerprint& before, const LiveTopic& live, InverseItem& inverse) {
  if (before.partitions == live.partitions) return;
  lose(inverse, fmt::format("partitions stay at {}: Kafka cannot take partitions away", live.partitions));
}

// A plan sets nothing that holds already, so a setting of the topic's own that was taken away does not
// come back where the broker's default has the same value.
bool holds_by_default(const FieldDiff& diff, const LiveTopic& live) {
  const auto found = live.configs.find(diff.field);
  return found != live.configs.end() && found->second.source != ValueSource::kTopic &&
         same_config_value(diff.field, found->second.value, *diff.old_value);
}

void undo_config(const FieldDiff& diff, const LiveTopic& live, InverseItem& inverse) {
  const bool own = diff.old_source == ValueSource::kTopic && diff.old_value;
  if (own && holds_by_default(diff, live)) {
    lose(inverse, fmt::format("{} stays the broker's default, which is the value before, but the topic's own no longer",
                              diff.field));
  } else {
    inverse.item->configs[diff.field] = own ? diff.old_value : std::nullopt;
  }
}

void undo_field(const FieldDiff& diff, const LiveFingerprint& before, const LiveTopic& live, InverseItem& inverse) {
  if (diff.field == kPartitionsField) return undo_partitions(before, live, inverse);
  if (diff.field == kReplicationFactorField) {
    inverse.item->replication_factor = before.replication_factor;
  } else {
    undo_config(diff, live, inverse);
  }
  if (!changed_since(diff, live)) return;
  lose(inverse, fmt::format("{} is {} now, no longer the {} that was applied: that later change is taken back, too",
                            diff.field, live_value(diff, live).value_or("(not set)"),
                            diff.new_value.value_or("(broker default)")));
}

InverseItem undo_alter(const AppliedItem& applied, const LiveTopic* live) {
  if (!live) return impossible(applied, "the topic no longer exists");
  if (is_another(applied, *live)) return impossible(applied, std::string(kAnother));
  InverseItem inverse = started(applied, Fidelity::kExact);
  inverse.item = item_of(applied, ItemAction::kUpdate);
  for (const FieldDiff& diff : applied.planned.diffs) undo_field(diff, applied.planned.live, *live, inverse);
  const bool empty = inverse.item->configs.empty() && !inverse.item->replication_factor;
  if (!empty) return inverse;
  inverse.item.reset();
  const bool grew = applied.planned.live.partitions != live->partitions;
  inverse.fidelity = inverse.reasons.empty() ? Fidelity::kNothing : grew ? Fidelity::kImpossible : Fidelity::kLossy;
  return inverse;
}

InverseItem undo(const AppliedItem& applied, const RollbackGround& ground) {
  const auto found = ground.state.topics.find(applied.planned.name);
  const LiveTopic* live = found == ground.state.topics.end() ? nullptr : &found->second;
  switch (applied.planned.action) {
    case PlannedAction::kCreate: return undo_create(applied, live, ground);
    case PlannedAction::kDelete: return undo_delete(applied, live, ground);
    case PlannedAction::kAlter: return undo_alter(applied, live);
    case PlannedAction::kNone: break;
  }
  return started(applied, Fidelity::kNothing);
}

// What was never begun has changed nothing. A failed or unknown one may have changed some of it: taking
// back what did not happen changes nothing.
bool may_have_happened(ItemState state) { return state != ItemState::kPending && state != ItemState::kStale; }

}  // namespace

std::string_view to_string(Fidelity fidelity) {
  switch (fidelity) {
    case Fidelity::kNothing: return "nothing";
    case Fidelity::kExact: return "exact";
    case Fidelity::kLossy: return "lossy";
    case Fidelity::kImpossible: return "impossible";
  }
  return "";
}

std::vector<InverseItem> invert(std::span<const AppliedItem> applied, const RollbackGround& ground) {
  std::vector<InverseItem> inverse;
  inverse.reserve(applied.size());
  for (const AppliedItem& one : applied) {
    inverse.push_back(may_have_happened(one.state) ? undo(one, ground) : started(one, Fidelity::kNothing));
  }
  return inverse;
}

}  // namespace sluice::governance::domain
