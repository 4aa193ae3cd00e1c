// Why an item is not sent now, although its change is approved: the mode of its topic, or a rule that has
// come into force since its execution began.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "governance/domain/apply/execution.h"
#include "governance/domain/plan/plan.h"
#include "governance/domain/policy/policy.h"

namespace sluice::governance::application {

struct Hold {
  std::string code;
  std::string message;
};
using Holds = std::map<std::int64_t, Hold>;  // by position

// Items that ask for nothing send nothing: no mode holds them.
std::optional<Hold> held_by_mode(const domain::PolicySet& policies, const domain::EnvironmentName& environment,
                                 const domain::PlannedItem& item, TimePoint now);
// All open items: nobody can tell what is forbidden.
Holds held_all(const domain::Execution& execution, const Error& why);
// The open items that blocking violations forbid.
Holds held_by_rules(const domain::Execution& execution, const domain::Plan& judged);

}  // namespace sluice::governance::application
