#include "governance/domain/policy/judge.h"

#include <algorithm>

#include <fmt/format.h>

namespace sluice::governance::domain {
namespace {

// Told at the first delete: a violation stands at an item, and every plan with deletes has that one.
std::optional<Violation> too_many_deletes(const DeleteShareRule& rule, const Plan& plan,
                                          const TopicName& first, TimePoint now) {
  if (!deletes_exceed(plan, rule.percent)) return std::nullopt;
  const auto deletes = std::count_if(plan.items.begin(), plan.items.end(), [](const PlannedItem& item) {
    return item.action == PlannedAction::kDelete;
  });
  const auto changes = std::count_if(plan.items.begin(), plan.items.end(), [](const PlannedItem& item) {
    return item.action != PlannedAction::kNone;
  });
  Violation violation{first, rule.id, rule.words.message,
                      rule.severity.for_environment(plan.env).at(now), "action", rule.words.fix};
  if (violation.message.empty()) {
    violation.message = fmt::format("{} of the plan's {} changes are deletes, more than {} % of them", deletes,
                                    changes, rule.percent);
  }
  if (violation.fix.empty()) violation.fix = "Delete in smaller steps, each a change of its own.";
  return violation;
}

constexpr std::string_view kNoOwner = " (no owner of the topic is on record, so rules for any owner's topics count)";
constexpr std::string_view kAlreadySo = " (already so; this change does not touch it)";

// An item that plans nothing because it cannot (create of what exists, delete of what does not) has
// no state after the change to judge.
bool is_judged(const PlannedItem& planned) {
  if (planned.action != PlannedAction::kNone) return true;
  return planned.live.exists &&
         (planned.requested == ItemAction::kUpsert || planned.requested == ItemAction::kUpdate);
}

bool item_decides(const Rule& rule, const TopicChange& change) {
  if (!change.exists()) return true;
  return std::any_of(rule.reads.begin(), rule.reads.end(),
                     [&](const std::string& field) { return change.touches(field); });
}

// Asked about a topic that nobody is on record for, which may be one of the owners'.
bool is_asked_to_be_sure(const RuleInForce& in_force, const TopicChange& change) {
  const bool may_be = change.owners().unknown && in_force.severity == Severity::kBlock;
  return may_be && !change.owners().any_in(in_force.rule->scope);
}

bool is_asked(const RuleInForce& in_force, const TopicChange& change) {
  const Rule& rule = *in_force.rule;
  const bool deletes = change.action() == PlannedAction::kDelete;
  if (deletes ? rule.subject == RuleSubject::kState : rule.subject == RuleSubject::kDelete) return false;
  const bool owned = change.owners().any_in(rule.scope) || is_asked_to_be_sure(in_force, change);
  return owned && rule.scope.holds_for(change.name()) && !in_force.exempts(change.name());
}

// What is wrong already and stays as it is only warns; so do names on deletes: they never block a
// clean-up.
bool is_softened(const Rule& rule, const Finding& finding, const TopicChange& change) {
  if (rule.subject == RuleSubject::kOwnership || rule.subject == RuleSubject::kDelete) return false;
  if (finding.protects && change.action() == PlannedAction::kDelete) return false;
  return !item_decides(rule, change);
}

void add_violation(const RuleInForce& in_force, Finding finding, const TopicChange& change,
                   std::vector<Violation>& violations) {
  const Rule& rule = *in_force.rule;
  auto severity = in_force.severity;
  if (!rule.words.message.empty() && !finding.unjudged) finding.message = rule.words.message;
  if (!rule.words.fix.empty() && !finding.unjudged) finding.fix = rule.words.fix;
  if (is_asked_to_be_sure(in_force, change)) finding.message += kNoOwner;
  if (severity == Severity::kBlock && is_softened(rule, finding, change)) {
    severity = Severity::kWarn;
    if (change.action() != PlannedAction::kDelete) finding.message += kAlreadySo;
  }
  violations.push_back({change.name(), rule.id, std::move(finding.message), severity,
                        std::move(finding.field), std::move(finding.fix)});
}

void note_what_it_needs(const Rule& rule, const TopicChange& change, Plan& plan) {
  if (change.action() != PlannedAction::kDelete) return;
  if (rule.needs_groups_on_delete) plan.groups_wanted.insert(change.name());
  if (rule.needs_records_on_delete) plan.records_wanted.insert(change.name());
}

}  // namespace

void judge(const PlanningContext& context, const TopicItem& item, const PlannedItem& planned, Plan& plan) {
  if (!is_judged(planned)) return;
  const TopicChange change(context.batch, item, planned, context.state);
  for (const auto& in_force : context.rules) {
    if (!is_asked(in_force, change)) continue;
    note_what_it_needs(*in_force.rule, change, plan);
    if (auto finding = in_force.rule->check(change)) {
      add_violation(in_force, std::move(*finding), change, plan.violations);
    }
  }
}

void judge_plan(const PlanningContext& context, Plan& plan) {
  const auto first = std::find_if(plan.items.begin(), plan.items.end(), [](const PlannedItem& item) {
    return item.action == PlannedAction::kDelete;
  });
  if (first == plan.items.end()) return;
  for (const auto& rule : context.policies.delete_shares) {
    if (!RuleScope{rule.environments}.holds_in(context.batch.env)) continue;
    if (auto violation = too_many_deletes(rule, plan, first->name, context.now)) {
      plan.violations.push_back(std::move(*violation));
    }
  }
}

}  // namespace sluice::governance::domain
