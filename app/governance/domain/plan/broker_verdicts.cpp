// What the broker said to validate_only, as violations in its own words.
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "governance/domain/topic/config_value.h"
#include "governance/domain/plan/planner.h"
#include "governance/domain/policy/rule_ids.h"
#include "governance/domain/plan/violation_order.h"

namespace sluice::governance::domain {
namespace {

// "… for configuration retention.ms: …", "Unknown topic config name: retention.mss"
std::string field_named_in(std::string_view words) {
  for (const std::string_view lead : {"for configuration ", "Unknown topic config name: "}) {
    const auto at = words.find(lead);
    if (at == std::string_view::npos) continue;
    const auto rest = words.substr(at + lead.size());
    return std::string(rest.substr(0, rest.find_first_of(": ,")));
  }
  return {};
}

std::string field_of(const BrokerVerdict& verdict) {
  if (auto named = field_named_in(verdict.words); !named.empty()) return named;
  // librdkafka's own: "replication_factor out of expected range …", "num_partitions out of …"
  if (verdict.words.starts_with("replication_factor ")) return std::string(kReplicationFactorField);
  if (verdict.words.starts_with("num_partitions ")) return std::string(kPartitionsField);
  if (verdict.code == "INVALID_REPLICATION_FACTOR") return std::string(kReplicationFactorField);
  if (verdict.code == "INVALID_PARTITIONS") return std::string(kPartitionsField);
  return "name";
}

std::string fix_of(const BrokerVerdict& verdict, const std::string& field) {
  if (verdict.code == "TOPIC_ALREADY_EXISTS")
    return "Plan again: the topic appeared in the meantime.";
  if (const auto near = nearest_topic_config(field);
      near && verdict.words.starts_with("Unknown topic config")) {
    return fmt::format("Did you mean {}?", *near);
  }
  return fmt::format("Correct {} as the broker says ({}).", field, verdict.code);
}

bool has_violation(const Plan& plan, const TopicName& name, std::string_view rule) {
  return std::any_of(
      plan.violations.begin(), plan.violations.end(),
      [&](const Violation& violation) { return violation.name == name && violation.rule == rule; });
}

// A refusal that a rule of ours has already explained is not reported twice.
std::optional<Violation> violation_of(const Plan& plan, const BrokerVerdict& verdict) {
  const bool collides = verdict.words.find("collides with existing topic") != std::string::npos;
  if (collides && has_violation(plan, verdict.name, kNamingCollision)) return std::nullopt;
  if (verdict.call == BrokerCall::kCreatePartitions &&
      has_violation(plan, verdict.name, kPartitionsDecrease)) {
    return std::nullopt;
  }
  if (collides) {
    return Violation{verdict.name,  std::string(kNamingCollision),
                     verdict.words, Severity::kBlock,
                     "name",        "Choose a name that differs by more than '.' and '_'."};
  }
  auto field = field_of(verdict);
  auto fix = fix_of(verdict, field);
  return Violation{verdict.name,     std::string(kBrokerRejected),
                   verdict.words,    Severity::kBlock,
                   std::move(field), std::move(fix)};
}

}  // namespace

void apply_verdicts(Plan& plan, const std::vector<BrokerVerdict>& verdicts) {
  std::unordered_map<TopicName, PlannedItem*> by_name;
  for (auto& item : plan.items) by_name.emplace(item.name, &item);
  for (const auto& verdict : verdicts) {
    const auto item = by_name.find(verdict.name);
    if (item == by_name.end()) continue;
    item->second->verdicts.push_back(verdict);
    // An item that changes nothing may have been asked about all the same, to see whether it
    // exists.
    if (verdict.ok || item->second->action == PlannedAction::kNone) continue;
    if (auto violation = violation_of(plan, verdict))
      plan.violations.push_back(std::move(*violation));
  }
  sort_violations(plan);
}

}  // namespace sluice::governance::domain
