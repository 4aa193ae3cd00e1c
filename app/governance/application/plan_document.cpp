#include "governance/application/plan_document.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace sluice::governance::application {
namespace {

using domain::PlannedAction;
using domain::PlannedItem;
using domain::ValueSource;

Error unreadable(const std::string& what) {
  return {ErrorKind::kInternal, "plan.unreadable", fmt::format("The kept plan can't be read: {}.", what),
          "Plan the change again: POST /v1/topics/batch/dry-run.", {}};
}

// --- leaves; a member that is not there or not of its type is told by the parent ------------------

const Json* member(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(std::string(name));
  return found == object.end() ? nullptr : &*found;
}

std::optional<std::string> text_of(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  return value != nullptr && value->is_string() ? std::optional(value->get<std::string>()) : std::nullopt;
}

std::int32_t number_of(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  return value != nullptr && value->is_number_integer() ? value->get<std::int32_t>() : 0;
}

std::optional<std::int32_t> parse_count(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  std::int32_t count = 0;
  const char* end = text->data() + text->size();
  const auto [stop, failure] = std::from_chars(text->data(), end, count);
  return failure == std::errc{} && stop == end ? std::optional(count) : std::nullopt;
}

std::optional<ValueSource> source_of(const Json& object, std::string_view name) {
  const auto text = text_of(object, name);
  for (const auto source : {ValueSource::kTopic, ValueSource::kBroker, ValueSource::kPolicyDefault}) {
    if (text && *text == domain::to_string(source)) return source;
  }
  return std::nullopt;
}

std::optional<PlannedAction> action_of(const Json& item) {
  const auto text = text_of(item, "action");
  for (const auto action :
       {PlannedAction::kNone, PlannedAction::kCreate, PlannedAction::kAlter, PlannedAction::kDelete}) {
    if (text && *text == domain::to_string(action)) return action;
  }
  return std::nullopt;
}

// --- the parts of an item -------------------------------------------------------------------------

Result<domain::LiveFingerprint> read_live(const Json& item) {
  const Json* live = member(item, "live");
  const Json* configs = live != nullptr ? member(*live, "configs") : nullptr;
  const Json* exists = live != nullptr ? member(*live, "exists") : nullptr;
  if (configs == nullptr || !configs->is_object() || exists == nullptr || !exists->is_boolean()) {
    return unreadable("an item has no live state");
  }
  domain::LiveFingerprint print;
  print.exists = exists->get<bool>();
  print.topic_id = text_of(*live, "topicId").value_or("");
  print.partitions = number_of(*live, print.exists ? "partitions" : "defaultPartitions");
  print.replication_factor = number_of(*live, print.exists ? "replicationFactor" : "defaultReplicationFactor");
  for (const auto& [key, config] : configs->items()) {
    const auto value = text_of(config, "value");
    const auto source = source_of(config, "source");
    if (!value || !source) return unreadable(fmt::format("the live value of {}", key));
    print.configs.push_back({key, *value, *source});
  }
  std::sort(print.configs.begin(), print.configs.end(),
            [](const domain::LiveValue& a, const domain::LiveValue& b) { return a.key < b.key; });
  return print;
}

Status read_changes(const Json& json, PlannedItem& item) {
  const Json* changes = member(json, "changes");
  if (changes == nullptr) return {};
  if (!changes->is_array()) return unreadable("an item's changes");
  for (const Json& change : *changes) {
    const auto field = text_of(change, "field");
    if (!field) return unreadable("a change without its field");
    item.diffs.push_back({*field, text_of(change, "old"), source_of(change, "oldSource"), text_of(change, "new"),
                          source_of(change, "newSource")});
  }
  return {};
}

std::optional<std::int32_t> intended_count(const PlannedItem& item, std::string_view field, std::int32_t before) {
  const domain::FieldDiff* diff = item.diff_of(field);
  const bool creates = item.action == PlannedAction::kCreate;
  if (diff == nullptr) return creates ? std::nullopt : std::optional(before);
  if (creates && diff->new_source == ValueSource::kBroker) return std::nullopt;
  return parse_count(diff->new_value);
}

// What the planner intended, from the changes that it showed.
void add_intention(PlannedItem& item) {
  if (item.requested == domain::ItemAction::kDelete) return;
  item.intended.partitions = intended_count(item, domain::kPartitionsField, item.live.partitions);
  item.intended.replication_factor =
      intended_count(item, domain::kReplicationFactorField, item.live.replication_factor);
  for (const domain::FieldDiff& diff : item.diffs) {
    if (diff.field == domain::kPartitionsField || diff.field == domain::kReplicationFactorField) continue;
    if (diff.new_source == ValueSource::kBroker) {
      item.intended.unset.push_back(diff.field);
    } else if (diff.new_value) {
      item.intended.set.emplace(diff.field, *diff.new_value);
    }
  }
}

std::optional<std::int64_t> size_of(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  return value != nullptr && value->is_number_integer() ? std::optional(value->get<std::int64_t>()) : std::nullopt;
}

std::optional<std::vector<std::int32_t>> brokers_of(const Json& move, std::string_view name) {
  const Json* ids = member(move, name);
  if (ids == nullptr || !ids->is_array() || ids->empty()) return std::nullopt;
  std::vector<std::int32_t> brokers;
  for (const Json& id : *ids) {
    if (!id.is_number_integer()) return std::nullopt;
    brokers.push_back(id.get<std::int32_t>());
  }
  return brokers;
}

Status read_moves(const Json& json, PlannedItem& item) {
  const Json* assignment = member(json, "assignment");
  if (assignment == nullptr) return {};
  if (!assignment->is_array()) return unreadable("an item's assignment");
  for (const Json& move : *assignment) {
    const auto from = brokers_of(move, "from");
    const auto to = brokers_of(move, "to");
    const auto partition = size_of(move, "partition");
    if (!from || !to || !partition) return unreadable("a partition's assignment");
    item.moves.assignment.push_back({static_cast<std::int32_t>(*partition), *from, *to});
  }
  if (const Json* moves = member(json, "moves")) {
    item.moves.bytes = size_of(*moves, "bytes");
    item.moves.throttle_bytes_per_s = size_of(*moves, "throttleBytesPerSecond").value_or(0);
  }
  return {};
}

domain::TopicMetadata read_metadata(const Json& item) {
  domain::TopicMetadata metadata;
  const Json* json = member(item, "metadata");
  if (json == nullptr) return metadata;
  metadata.owner = text_of(*json, "owner");
  metadata.sla = text_of(*json, "sla");
  metadata.doc = text_of(*json, "doc");
  if (const Json* tags = member(*json, "tags"); tags != nullptr && tags->is_array()) {
    for (const Json& tag : *tags) {
      if (tag.is_string()) metadata.tags.push_back(tag.get<std::string>());
    }
  }
  return metadata;
}

std::optional<std::int32_t> count_of(const Json& object, std::string_view name) {
  const std::int32_t count = number_of(object, name);
  return count > 0 ? std::optional(count) : std::nullopt;
}

// The inverse of state_to_json.
domain::IntendedState read_state(const Json& json) {
  domain::IntendedState state{count_of(json, "partitions"), count_of(json, "replicationFactor"), {}, {}};
  const Json* configs = member(json, "configs");
  if (configs == nullptr || !configs->is_object()) return state;
  for (const auto& [key, value] : configs->items()) {
    if (value.is_string()) state.set.emplace(key, value.get<std::string>());
    if (value.is_null()) state.unset.push_back(key);
  }
  return state;
}

Result<PlannedItem> read_item(const Json& json) {
  const auto name = text_of(json, "name");
  const auto action = action_of(json);
  if (!name || !action) return unreadable("an item without name or action");
  PlannedItem item;
  item.name = domain::TopicName{*name};
  item.action = *action;
  SLUICE_TRY(item.live, read_live(json));
  // Nothing to do about a topic that is not there: only a delete plans that.
  const bool deletes = *action == PlannedAction::kDelete || (*action == PlannedAction::kNone && !item.live.exists);
  if (deletes) item.requested = domain::ItemAction::kDelete;
  SLUICE_CHECK(read_changes(json, item));
  add_intention(item);
  SLUICE_CHECK(read_moves(json, item));
  if (const Json* declared = member(json, "declared")) item.declared = read_state(*declared);
  if (const Json* lost = member(json, "lost")) item.lost = read_state(*lost);
  item.metadata = read_metadata(json);
  item.reason = text_of(json, "reason").value_or("");
  return item;
}

}  // namespace

Result<std::vector<PlannedItem>> planned_items(const Json& document) {
  const Json* plan = member(document, "plan");
  if (plan == nullptr || !plan->is_array()) return unreadable("it has no items");
  std::vector<PlannedItem> items;
  items.reserve(plan->size());
  for (const Json& json : *plan) {
    SLUICE_TRY(PlannedItem item, read_item(json));
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace sluice::governance::application
