#include "governance/application/plan_json.h"

#include <algorithm>

#include "governance/application/plan_digest.h"

namespace sluice::governance::application {
namespace {

// The most members that an item and a plan can have, with what is added to them later on.
constexpr std::size_t kItemMembers = 15;
constexpr std::size_t kPlanMembers = 12;

using domain::FieldDiff;
using domain::PlannedAction;
using domain::PlannedItem;

Json text_or_null(const std::optional<std::string>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json source_or_null(const std::optional<domain::ValueSource>& source) {
  return source ? Json(domain::to_string(*source)) : Json(nullptr);
}

Json change_to_json(const FieldDiff& diff) {
  return {{"field", diff.field},
          {"old", text_or_null(diff.old_value)},
          {"new", text_or_null(diff.new_value)},
          {"oldSource", source_or_null(diff.old_source)},
          {"newSource", source_or_null(diff.new_source)}};
}

void add_diffs(const PlannedItem& item, Json& json) {
  if (item.diffs.empty()) return;
  auto& diff = json["diff"] = json_object(item.diffs.size());
  auto& changes = json["changes"] = Json::array();
  for (const auto& one : item.diffs) {
    diff[one.field] = short_form(one);
    changes.push_back(change_to_json(one));
  }
}

// "validated" says that the broker was asked; a plan made without it must not look like one with
// it.
void add_broker(const PlannedItem& item, Json& json) {
  if (item.action == PlannedAction::kNone || item.verdicts.empty()) return;
  const bool ok =
      std::all_of(item.verdicts.begin(), item.verdicts.end(), [](const auto& v) { return v.ok; });
  Json words = Json::array();
  for (const auto& verdict : item.verdicts) {
    if (!verdict.ok) words.push_back(verdict.words);
  }
  json["broker"] = {{"validated", true}, {"ok", ok}};
  if (!words.empty()) json["broker"]["words"] = std::move(words);
}

// Who reads the topic; how many members and how far behind changes by the second and is no part of
// a plan.
void add_groups(const PlannedItem& item, Json& json) {
  if (item.groups.empty()) return;
  std::vector<std::string> ids;
  for (const auto& group : item.groups) ids.push_back(group.id);
  std::sort(ids.begin(), ids.end());
  json["consumerGroups"] = std::move(ids);
}

void add_assignment(const PlannedItem& item, Json& json) {
  if (item.moves.assignment.empty()) return;
  Json& assignment = json["assignment"] = Json::array();
  for (const auto& move : item.moves.assignment) {
    assignment.push_back({{"partition", move.partition}, {"from", move.from}, {"to", move.to}});
  }
}

// How much and how fast: what is approved is where the replicas go.
void add_moves(const PlannedItem& item, Json& json) {
  if (item.moves.assignment.empty()) return;
  json["moves"] = {{"partitions", item.moves.assignment.size()},
                   {"bytes", item.moves.bytes ? Json(*item.moves.bytes) : Json(nullptr)},
                   {"throttleBytesPerSecond", item.moves.throttle_bytes_per_s}};
}

// What is kept for drift and rollback: it changes nothing about what an apply does.
void add_states(const PlannedItem& item, Json& json) {
  if (Json declared = state_to_json(item.declared); !declared.empty()) json["declared"] = std::move(declared);
  if (item.lost) json["lost"] = state_to_json(*item.lost);
}

Json item_to_json(const PlannedItem& item) {
  Json json = json_object(kItemMembers);
  json["name"] = item.name.str();
  json["action"] = domain::to_string(item.action);
  add_diffs(item, json);
  if (!item.note.empty()) json["note"] = item.note;
  if (auto metadata = metadata_to_json(item.metadata); !metadata.empty())
    json["metadata"] = std::move(metadata);
  if (!item.reason.empty()) json["reason"] = item.reason;
  add_assignment(item, json);
  add_broker(item, json);
  json["live"] = fingerprint_to_json(item.live);
  return json;
}

Json envelope(const domain::Plan& plan, Json items, Json violations) {
  Json json = json_object(kPlanMembers);
  json["env"] = plan.env.str();
  json["changeId"] = plan.change_id.str();
  json["clusterId"] = plan.cluster_id;
  json["policy"] = {{"version", plan.policy_version}, {"digest", plan.policy_digest}};
  json["plan"] = std::move(items);
  json["violations"] = std::move(violations);
  return json;
}

}  // namespace

Json metadata_to_json(const domain::TopicMetadata& metadata) {
  Json json = Json::object();
  if (metadata.owner) json["owner"] = *metadata.owner;
  if (metadata.sla) json["sla"] = *metadata.sla;
  if (metadata.doc) json["doc"] = *metadata.doc;
  if (!metadata.tags.empty()) json["tags"] = metadata.tags;
  return json;
}

Json state_to_json(const domain::IntendedState& state) {
  Json json = json_object(3);
  if (state.partitions) json["partitions"] = *state.partitions;
  if (state.replication_factor) json["replicationFactor"] = *state.replication_factor;
  Json configs = json_object(state.set.size() + state.unset.size());
  for (const auto& [key, value] : state.set) configs[key] = value;
  for (const auto& key : state.unset) configs[key] = nullptr;
  if (!configs.empty()) json["configs"] = std::move(configs);
  return json;
}

Json violation_to_json(const domain::Violation& violation) {
  return {{"name", violation.name.str()}, {"rule", violation.rule},
          {"message", violation.message}, {"severity", domain::to_string(violation.severity)},
          {"field", violation.field},     {"fix", violation.fix}};
}

Json fingerprint_to_json(const domain::LiveFingerprint& live) {
  Json configs = json_object(live.configs.size());
  for (const auto& config : live.configs) {
    configs[config.key] = {{"value", config.value}, {"source", domain::to_string(config.source)}};
  }
  if (!live.exists) {
    Json json{{"exists", false}, {"configs", std::move(configs)}};
    // What the broker would choose for a topic that does not say.
    if (live.partitions > 0) json["defaultPartitions"] = live.partitions;
    if (live.replication_factor > 0) json["defaultReplicationFactor"] = live.replication_factor;
    return json;
  }
  return {{"exists", true},
          {"topicId", live.topic_id},
          {"partitions", live.partitions},
          {"replicationFactor", live.replication_factor},
          {"configs", std::move(configs)}};
}

std::string plan_digest(const domain::Plan& plan) {
  PlanDigest digest;
  for (const auto& item : plan.items) digest.add_item(item_to_json(item));
  for (const auto& violation : plan.violations) digest.add_violation(violation_to_json(violation));
  return std::move(digest).of(envelope(plan, Json::array(), Json::array()));
}

Json plan_to_json(const domain::Plan& plan) {
  Json items = Json::array();
  for (const auto& item : plan.items) {
    items.push_back(item_to_json(item));
    add_groups(item, items.back());
    add_moves(item, items.back());
    add_states(item, items.back());
  }
  Json violations = Json::array();
  for (const auto& violation : plan.violations) violations.push_back(violation_to_json(violation));
  return envelope(plan, std::move(items), std::move(violations));
}

}  // namespace sluice::governance::application
