// An apply for people and pipelines. Pure functions of the API's answer, so that the CLI shows exactly
// what the server said.
#pragma once

#include <string>
#include <string_view>

#include "governance/interface/report/report.h"
#include "platform/core/json.h"

namespace sluice::governance::interface {

// What became of each item, for the renderers of report/render.h; a finding for each that is not as it
// was to be. `plan`, the one that was applied, tells which replicas moved; null: not known.
Report report_of_apply(const Json& execution, const Json& plan);
// "[=====>    ] 512/1000, 1 failed"
std::string progress_bar(const Json& execution);
// 0 everything is done, 1 not everything, 3 still under way.
int apply_exit_code(const Json& execution);
// Whether an error's code says that something forbids the apply (exit code 4), rather than that
// something went wrong.
bool is_apply_refusal(std::string_view code);

}  // namespace sluice::governance::interface
