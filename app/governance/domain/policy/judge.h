// Holds one planned item, and the whole plan, against every rule. Pure; used by the planner only.
#pragma once

#include "governance/domain/plan/item_planner.h"

namespace sluice::governance::domain {

// `planned` stands in no plan yet, or in this one.
void judge(const PlanningContext& context, const TopicItem& item, const PlannedItem& planned, Plan& plan);
// What only the plan as a whole shows: the share of its deletes.
void judge_plan(const PlanningContext& context, Plan& plan);

}  // namespace sluice::governance::domain
