#include "governance/domain/policy/expression/expression_rule.h"

#include <algorithm>

#include <fmt/format.h>

#include "governance/domain/plan/item_planner.h"
#include "governance/domain/policy/judge.h"
#include "governance/domain/policy/rule_ids.h"

namespace sluice::governance::domain::expression {
namespace {

// What asks only which topic it is, is about every change of that topic.
std::vector<std::string> fields_of(const std::optional<Expression>& when, const Expression& require) {
  std::vector<std::string> fields = require.reads();
  const std::vector<std::string> asked = when ? when->reads() : std::vector<std::string>();
  for (const std::string& field : asked) {
    if (std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
  }
  if (fields.empty()) fields.emplace_back(kOperationField);
  return fields;
}

std::string field_to_name(const Expression& require) {
  for (const std::string& field : require.reads()) {
    if (field != kOperationField) return field;
  }
  return require.reads_operation() ? "action" : "name";
}

Severity most_serious(const SeverityPlan& plan) {
  Severity most = Severity::kObserve;
  for (const SeverityStep& step : plan.steps()) most = std::max(most, step.severity);
  return most;
}

Finding unjudged(const std::string& field, std::string_view missing) {
  Finding finding{field, fmt::format("can't be judged: {} has no value", missing),
                  fmt::format("Give it one, or have the policy ask has({}) first.", missing)};
  finding.unjudged = true;
  return finding;
}

}  // namespace

Rule expression_rule(RuleHeader header, std::optional<Expression> when, Expression require) {
  const bool any_operation = require.reads_operation() || (when && when->reads_operation());
  auto fields = fields_of(when, require);
  const std::string field = field_to_name(require);
  return make_rule(
      kExpression, std::move(header), any_operation ? RuleSubject::kOperation : RuleSubject::kState, std::move(fields),
      [when = std::move(when), require = std::move(require),
       field](const TopicChange& change) -> std::optional<Finding> {
        if (when) {
          const Outcome asked = when->evaluate(change);
          if (asked.truth == Truth::kUndefined) return unjudged(field, asked.undefined);
          if (asked.truth == Truth::kFalse) return std::nullopt;
        }
        const Outcome outcome = require.evaluate(change);
        if (outcome.truth == Truth::kTrue) return std::nullopt;
        if (outcome.truth == Truth::kUndefined) return unjudged(field, outcome.undefined);
        return Finding{field, fmt::format("does not meet: {}", require.text()),
                       fmt::format("Change the topic so that it does: {}", require.text())};
      });
}

// By the rule at its most serious, wherever it holds: the example is about the expressions.
std::optional<ExampleVerdict> judge_example(const Rule& rule, const Example& example) {
  const PolicySet none;
  Rule anywhere = rule;
  anywhere.scope = {};
  const Severity severity = most_serious(rule.severity.for_environment(example.env));
  const TopicBatch batch{example.env, ChangeId("example"), {example.item}};
  ClusterState state;
  if (example.before) state.topics.emplace(example.item.name, *example.before);
  const PlanningContext context{batch, state, none, TimePoint{}, {}, {{&anywhere, severity, {}}}};
  Plan plan;
  std::vector<Violation> refused;
  PlannedItem planned = plan_item(context, example.item, refused);
  planned.action = example.operation;
  judge(context, example.item, planned, plan);
  if (plan.violations.empty()) return std::nullopt;
  auto finding = rule.check(TopicChange(batch, example.item, planned, state));
  return ExampleVerdict{std::move(finding).value_or(Finding{}), plan.violations.front().severity < severity};
}

}  // namespace sluice::governance::domain::expression
