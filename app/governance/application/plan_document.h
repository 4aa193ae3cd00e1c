// A kept plan read back from the document that was approved: what is applied is what the document
// says, on the first attempt and on every later one. The inverse of plan_json.
#pragma once

#include <string>
#include <vector>

#include "governance/domain/plan/plan.h"
#include "platform/core/json.h"
#include "platform/core/result.h"

namespace sluice::governance::application {

// In the batch's order, without what only a reader needs (the short diffs, notes, groups, verdicts).
// plan.unreadable (kInternal) when the document is not one that plan_json wrote.
Result<std::vector<domain::PlannedItem>> planned_items(const Json& document);

}  // namespace sluice::governance::application
