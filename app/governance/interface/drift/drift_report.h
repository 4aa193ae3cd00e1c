// The drift's answer as a report, from its JSON.
#pragma once

#include "governance/interface/report/report.h"
#include "platform/core/json.h"

namespace sluice::governance::interface {

Report report_of_drift(const Json& drift);

}  // namespace sluice::governance::interface
