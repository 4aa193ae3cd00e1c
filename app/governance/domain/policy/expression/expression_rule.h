// A rule made of expressions, and the examples without which it doesn't load: a rule that reads
// backwards contradicts its own.
#pragma once

#include <optional>
#include <string>

#include "governance/domain/policy/expression/expression.h"
#include "governance/domain/policy/rule_header.h"

namespace sluice::governance::domain::expression {

// `when` says where the rule is asked at all; none: everywhere. An expression that reads `op` is asked
// about every operation, another one not about deletes.
Rule expression_rule(RuleHeader header, std::optional<Expression> when, Expression require);

// One change of one topic.
struct Example {
  TopicItem item;
  std::optional<LiveTopic> before;
  PlannedAction operation = PlannedAction::kCreate;
  EnvironmentName env;
};

struct ExampleVerdict {
  Finding finding;        // in the rule's own words
  bool softened = false;  // it only warns: the change touches nothing that the rule reads
};

// As a plan would judge it; nothing: it passes.
std::optional<ExampleVerdict> judge_example(const Rule& rule, const Example& example);

}  // namespace sluice::governance::domain::expression
