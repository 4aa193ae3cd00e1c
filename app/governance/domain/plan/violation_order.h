// Lists a plan's violations by item, then by rule. Used by the planner only.
#pragma once

#include "governance/domain/plan/plan.h"

namespace sluice::governance::domain {

void sort_violations(Plan& plan);

}  // namespace sluice::governance::domain
