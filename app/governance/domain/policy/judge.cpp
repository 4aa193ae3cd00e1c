#include "governance/domain/policy/judge.h"

#include <algorithm>

#include "governance/domain/policy/builtin_rules.h"

namespace sluice::governance::domain {
namespace {

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

void judge_by(const Rule& rule, const PlanningContext& context, const TopicChange& change,
              std::vector<Violation>& violations) {
  const bool deletes = change.action() == PlannedAction::kDelete;
  if (deletes && rule.subject == RuleSubject::kState) return;
  if (!rule.scope.holds_in(change.env())) return;
  auto finding = rule.check(change);
  if (!finding) return;
  if (rule.exemptible && context.policies.exempt(rule.id, change.name(), context.now)) return;
  auto severity = rule.severity.for_environment(change.env());
  const bool softened = severity == Severity::kBlock && rule.subject != RuleSubject::kOwnership &&
                        !item_decides(rule, change);
  if (softened) severity = Severity::kWarn;
  if (softened && !deletes) finding->message += kAlreadySo;
  violations.push_back({change.name(), rule.id, std::move(finding->message), severity,
                        std::move(finding->field), std::move(finding->fix)});
}

}  // namespace

void judge(const PlanningContext& context, const TopicItem& item, const PlannedItem& planned,
           std::vector<Violation>& violations) {
  if (!is_judged(planned)) return;
  const TopicChange change(context.batch, item, planned, context.state);
  for (const auto& rule : context.policies.rules) judge_by(rule, context, change, violations);
  for (const auto& rule : builtin_rules()) judge_by(rule, context, change, violations);
}

}  // namespace sluice::governance::domain
