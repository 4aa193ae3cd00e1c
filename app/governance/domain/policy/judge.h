// Holds one planned item against every rule. Pure; used by the planner only.
#pragma once

#include <vector>

#include "governance/domain/plan/item_planner.h"
#include "governance/domain/plan/violation.h"

namespace sluice::governance::domain {

void judge(const PlanningContext& context, const TopicItem& item, const PlannedItem& planned,
           std::vector<Violation>& violations);

}  // namespace sluice::governance::domain
