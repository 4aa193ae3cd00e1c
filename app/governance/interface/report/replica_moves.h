// How a report shows replicas that move: where they go, how much is copied, and under which throttle.
#pragma once

#include <vector>

#include "governance/interface/report/report.h"
#include "platform/core/json.h"

namespace sluice::governance::interface {

// Of an item of a plan; empty where none move. A long list of partitions is cut, and says so.
std::vector<ReportField> move_fields(const Json& item);

}  // namespace sluice::governance::interface
