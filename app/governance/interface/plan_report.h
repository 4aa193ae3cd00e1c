// A plan for people and pipelines. Pure functions of the dry-run's JSON answer, so that the CLI shows
// exactly what the server said.
#pragma once

#include "governance/interface/report/report.h"
#include "platform/core/json.h"

namespace sluice::governance::interface {

// Its rows and violations for the renderers of report/render.h.
Report report_of_plan(const Json& plan);

// A violation of a plan, or of what exists.
ReportFinding finding_of_violation(const Json& violation);

// Exit codes of `sluice plan` (G30): 0 nothing to do, 3 changes or warnings, 4 a blocking violation.
int plan_exit_code(const Json& plan);

}  // namespace sluice::governance::interface
