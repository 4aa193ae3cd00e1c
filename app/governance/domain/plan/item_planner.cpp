#include "governance/domain/plan/item_planner.h"

#include <algorithm>

#include <fmt/format.h>

#include "governance/domain/topic/config_value.h"
#include "governance/domain/policy/rule_ids.h"
#include "governance/domain/policy/topic_owners.h"

namespace sluice::governance::domain {
namespace {

constexpr std::string_view kReassignmentNote =
    "a replication-factor change needs a partition reassignment, which moves data between brokers";

Violation rejected(const TopicItem& item, std::string field, std::string message, std::string fix) {
  return {item.name,          std::string(kBrokerRejected),
          std::move(message), Severity::kBlock,
          std::move(field),   std::move(fix)};
}

const LiveTopic* find_live(const PlanningContext& context, const TopicName& name) {
  const auto found = context.state.topics.find(name);
  return found == context.state.topics.end() ? nullptr : &found->second;
}

std::optional<std::string> broker_default(const PlanningContext& context, std::string_view key) {
  const auto found = context.state.defaults.find(key);
  if (found == context.state.defaults.end()) return std::nullopt;
  return found->second;
}

IntendedState declared_by(const TopicItem& item) {
  IntendedState declared{item.partitions, item.replication_factor, {}, {}};
  for (const auto& [key, written] : item.configs) {
    if (written) {
      declared.set.emplace(key, canonical_config_value(key, *written));
    } else {
      declared.unset.push_back(key);
    }
  }
  return declared;
}

PlannedItem started(const TopicItem& item) {
  PlannedItem planned;
  planned.declared = declared_by(item);
  planned.name = item.name;
  planned.requested = item.action;
  planned.metadata = item.metadata;
  planned.reason = item.reason;
  planned.place = item.place;
  return planned;
}

// --- create ---------------------------------------------------------------------------------

FieldDiff created_count(std::string_view field, std::optional<std::int32_t> asked,
                        std::optional<std::int32_t> broker_default) {
  const auto value = asked ? asked : broker_default;
  return {std::string(field), std::nullopt, std::nullopt,
          value ? std::optional(std::to_string(*value)) : std::nullopt,
          asked ? ValueSource::kTopic : ValueSource::kBroker};
}

bool applies(const ConfigDefault& one, const PlanningContext& context, const TopicItem& item) {
  return one.scope.holds_in(context.batch.env) && one.scope.holds_for(item.name) &&
         owners_of(item, context.state).any_in(one.scope) &&
         !context.policies.exempt(one.rule, item.name, context.now) &&
         !context.policies.exempt(one.kind, item.name, context.now);
}

void add_policy_defaults(const PlanningContext& context, const TopicItem& item,
                         PlannedItem& planned) {
  for (const auto& policy_default : context.policies.defaults) {
    const bool wanted = applies(policy_default, context, item) && !item.configs.contains(policy_default.key);
    if (!wanted) continue;
    auto value = canonical_config_value(policy_default.key, policy_default.value);
    const auto [_, added] = planned.intended.set.emplace(policy_default.key, value);
    if (!added) continue;
    planned.declared.set.emplace(policy_default.key, value);
    planned.diffs.push_back({policy_default.key, std::nullopt, std::nullopt, std::move(value),
                             ValueSource::kPolicyDefault});
  }
}

void sort_config_diffs(PlannedItem& planned, std::size_t first) {
  std::sort(planned.diffs.begin() + static_cast<std::ptrdiff_t>(first), planned.diffs.end(),
            [](const FieldDiff& a, const FieldDiff& b) { return a.field < b.field; });
}

// The broker accepts the removal of a key that it has never heard of, so nobody else would notice.
Violation unknown_key(const TopicItem& item, const std::string& key) {
  const auto near = nearest_topic_config(key);
  return rejected(item, key, fmt::format("Unknown topic config name: {}", key),
                  near ? fmt::format("Did you mean {}?", *near) : "Leave the key out.");
}

bool is_known_key(const PlanningContext& context, const std::string& key) {
  const auto known = known_topic_configs();
  return context.state.defaults.contains(key) ||
         std::any_of(known.begin(), known.end(), [&](const TopicConfigKey& k) { return k.name == key; });
}

void plan_create(const PlanningContext& context, const TopicItem& item, PlannedItem& planned,
                 std::vector<Violation>& violations) {
  planned.action = PlannedAction::kCreate;
  planned.intended.partitions = item.partitions;
  planned.intended.replication_factor = item.replication_factor;
  planned.diffs.push_back(
      created_count(kPartitionsField, item.partitions, context.state.default_partitions));
  planned.diffs.push_back(created_count(kReplicationFactorField, item.replication_factor,
                                        context.state.default_replication_factor));
  const auto first_config = planned.diffs.size();
  for (const auto& [key, written] : item.configs) {
    if (!written) {
      if (!is_known_key(context, key)) violations.push_back(unknown_key(item, key));
      continue;
    }
    auto value = canonical_config_value(key, *written);
    planned.intended.set.emplace(key, value);
    planned.diffs.push_back(
        {key, std::nullopt, std::nullopt, std::move(value), ValueSource::kTopic});
  }
  add_policy_defaults(context, item, planned);
  sort_config_diffs(planned, first_config);
}

// --- alter ----------------------------------------------------------------------------------

void diff_count(std::string_view field, std::int32_t live, std::optional<std::int32_t> asked,
                PlannedItem& planned) {
  if (!asked || *asked == live) return;
  planned.diffs.push_back({std::string(field), std::to_string(live), ValueSource::kTopic,
                           std::to_string(*asked), ValueSource::kTopic});
}

void plan_replicas(const PlanningContext& context, const TopicItem& item, PlannedItem& planned,
                   std::vector<Violation>& violations) {
  if (!context.state.layout) return;
  auto moves = plan_moves(*context.state.layout, item.name, *item.replication_factor);
  if (moves) {
    planned.moves = std::move(*moves);
  } else {
    violations.push_back(rejected(item, std::string(kReplicationFactorField), moves.error().message, moves.error().fix));
  }
}

void diff_replication(const PlanningContext& context, const TopicItem& item, const LiveTopic& live,
                      PlannedItem& planned, std::vector<Violation>& violations) {
  diff_count(kReplicationFactorField, live.replication_factor, item.replication_factor, planned);
  if (!planned.diff_of(kReplicationFactorField)) return;
  planned.note = kReassignmentNote;
  // Kafka's reassignment has no validate_only, so what a create would be told is said here.
  const auto brokers = context.state.broker_count;
  if (*item.replication_factor <= brokers) {
    plan_replicas(context, item, planned, violations);
    return;
  }
  violations.push_back(rejected(
      item, std::string(kReplicationFactorField),
      fmt::format(
          "The target replication factor of {} cannot be reached because only {} broker(s) are "
          "registered.",
          *item.replication_factor, brokers),
      fmt::format("Ask for at most {}.", brokers)));
}

// While replicas move the marks are ours: set before, taken away after, so whatever the item or the topic says
// by them would not be what is there in the end.
void refuse_throttle_marks(const TopicItem& item, const LiveTopic& live, const PlannedItem& planned,
                           std::vector<Violation>& violations) {
  if (!planned.diff_of(kReplicationFactorField)) return;
  for (const std::string_view mark : kThrottleMarks) {
    const auto found = live.configs.find(mark);
    const bool own = found != live.configs.end() && found->second.source == ValueSource::kTopic;
    const bool like_ours = own && (found->second.value.empty() || found->second.value == "*");
    if (!like_ours && !item.configs.contains(mark)) continue;
    violations.push_back(rejected(item, std::string(mark),
                                  "Sluice sets this key while replicas move, and takes it away afterwards.",
                                  "Change replicationFactor and this key in two changes; a topic that has it as '*' or "
                                  "empty has to lose it first."));
  }
}

void set_config(const std::string& key, const std::string& written, const LiveConfig* live,
                PlannedItem& planned) {
  if (live && same_config_value(key, live->value, written)) return;
  auto value = canonical_config_value(key, written);
  FieldDiff diff{key, std::nullopt, std::nullopt, value, ValueSource::kTopic};
  if (live) {
    diff.old_value = live->value;
    diff.old_source = live->source;
  }
  planned.diffs.push_back(std::move(diff));
  planned.intended.set.emplace(key, std::move(value));
}

void unset_config(const PlanningContext& context, const std::string& key, const LiveConfig& live,
                  PlannedItem& planned) {
  if (live.source != ValueSource::kTopic) return;
  planned.diffs.push_back({key, live.value, ValueSource::kTopic,
                           live.fallback ? live.fallback : broker_default(context, key),
                           ValueSource::kBroker});
  planned.intended.unset.push_back(key);
}

void plan_alter(const PlanningContext& context, const TopicItem& item, const LiveTopic& live,
                PlannedItem& planned, std::vector<Violation>& violations) {
  planned.intended.partitions = item.partitions.value_or(live.partitions);
  planned.intended.replication_factor = item.replication_factor.value_or(live.replication_factor);
  diff_count(kPartitionsField, live.partitions, item.partitions, planned);
  diff_replication(context, item, live, planned, violations);
  refuse_throttle_marks(item, live, planned, violations);
  for (const auto& [key, written] : item.configs) {
    const auto found = live.configs.find(key);
    const LiveConfig* config = found == live.configs.end() ? nullptr : &found->second;
    if (written) {
      set_config(key, *written, config, planned);
    } else if (config) {
      unset_config(context, key, *config, planned);
    } else {
      violations.push_back(unknown_key(item, key));
    }
  }
  planned.action = planned.diffs.empty() ? PlannedAction::kNone : PlannedAction::kAlter;
}

// --- the live state the item was computed from ----------------------------------------------

void add_live_value(const PlanningContext& context, const LiveTopic& live, const std::string& key,
                    LiveFingerprint& print) {
  if (const auto found = live.configs.find(key); found != live.configs.end()) {
    print.configs.push_back({key, found->second.value, found->second.source});
  } else if (auto value = broker_default(context, key)) {
    print.configs.push_back({key, std::move(*value), ValueSource::kBroker});
  }
}

LiveFingerprint fingerprint_of_existing(const PlanningContext& context, const TopicItem& item,
                                        const LiveTopic& live) {
  LiveFingerprint print{true, live.topic_id, live.partitions, live.replication_factor, {}};
  if (item.action == ItemAction::kDelete) return print;
  print.configs.reserve(item.configs.size() + context.keys_read.size());
  for (const auto& [key, written] : item.configs) add_live_value(context, live, key, print);
  for (const auto& key : context.keys_read) {
    if (!item.configs.contains(key)) add_live_value(context, live, key, print);
  }
  std::sort(print.configs.begin(), print.configs.end(),
            [](const LiveValue& a, const LiveValue& b) { return a.key < b.key; });
  return print;
}

// Of a topic to create, the broker's defaults that a rule relied on.
LiveFingerprint fingerprint_of_missing(const PlanningContext& context, const PlannedItem& planned) {
  LiveFingerprint print;
  if (planned.action != PlannedAction::kCreate) return print;
  const ClusterState& state = context.state;
  if (!planned.intended.partitions) print.partitions = state.default_partitions.value_or(0);
  if (!planned.intended.replication_factor) {
    print.replication_factor = state.default_replication_factor.value_or(0);
  }
  for (const auto& key : context.keys_read) {
    if (planned.intended.set.contains(key)) continue;
    if (auto value = broker_default(context, key)) {
      print.configs.push_back({key, std::move(*value), ValueSource::kBroker});
    }
  }
  return print;
}

IntendedState own_state(const LiveTopic& live) {
  IntendedState own{live.partitions, live.replication_factor, {}, {}};
  for (const auto& [key, config] : live.configs) {
    if (config.source == ValueSource::kTopic) own.set.emplace(key, config.value);
  }
  return own;
}

void plan_delete(const LiveTopic* live, PlannedItem& planned) {
  planned.action = live ? PlannedAction::kDelete : PlannedAction::kNone;
  if (live) {
    planned.lost = own_state(*live);
  } else {
    planned.note = "the topic does not exist: there is nothing to delete";
  }
}

}  // namespace

PlannedItem plan_item(const PlanningContext& context, const TopicItem& item,
                      std::vector<Violation>& violations) {
  auto planned = started(item);
  const auto* live = find_live(context, item.name);
  if (item.action == ItemAction::kDelete) {
    plan_delete(live, planned);
  } else if (item.action == ItemAction::kCreate && live) {
    planned.note = "the topic exists already";
    violations.push_back(rejected(item, "action",
                                  fmt::format("Topic '{}' already exists.", item.name.str()),
                                  "Use action upsert, or update."));
  } else if (item.action == ItemAction::kUpdate && !live) {
    planned.note = "the topic does not exist";
    violations.push_back(rejected(item, "action",
                                  fmt::format("The topic '{}' does not exist.", item.name.str()),
                                  "Use action upsert, or create."));
  } else if (live) {
    plan_alter(context, item, *live, planned, violations);
  } else {
    plan_create(context, item, planned, violations);
  }
  planned.live = live ? fingerprint_of_existing(context, item, *live)
                      : fingerprint_of_missing(context, planned);
  return planned;
}

}  // namespace sluice::governance::domain
