#include "governance/application/apply/hold.h"

#include <algorithm>

#include <fmt/format.h>

namespace sluice::governance::application {

std::optional<Hold> held_by_mode(const domain::PolicySet& policies, const domain::EnvironmentName& environment,
                                 const domain::PlannedItem& item, TimePoint now) {
  if (item.action == domain::PlannedAction::kNone) return std::nullopt;
  const domain::Mode mode = policies.mode_for(environment, item.name, now);
  if (mode == domain::Mode::kApply) return std::nullopt;
  return Hold{fmt::format("mode.{}", domain::to_string(mode)),
              fmt::format("The topic is in the mode {} now: nothing more is sent for it.", domain::to_string(mode))};
}

Holds held_all(const domain::Execution& execution, const Error& why) {
  Holds held;
  for (const domain::ExecutionItem& item : execution.items) {
    if (domain::is_open(item.outcome)) held.try_emplace(item.position, Hold{why.code, why.describe()});
  }
  return held;
}

Holds held_by_rules(const domain::Execution& execution, const domain::Plan& judged) {
  Holds held;
  for (const domain::Violation& violation : judged.violations) {
    if (violation.severity != domain::Severity::kBlock) continue;
    const auto item = std::find_if(execution.items.begin(), execution.items.end(),
                                   [&](const domain::ExecutionItem& one) { return one.name == violation.name; });
    if (item == execution.items.end() || !domain::is_open(item->outcome)) continue;
    held.try_emplace(item->position, Hold{"plan.violations", fmt::format("A rule forbids it now: {}: {}.",
                                                                         violation.rule, violation.message)});
  }
  return held;
}

}  // namespace sluice::governance::application
