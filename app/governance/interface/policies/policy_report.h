// What was found out about policies, for people and pipelines: a preview, a test of a file, a
// comparison of versions. Pure functions of the JSON that --format json shows.
#pragma once

#include <string_view>

#include "governance/interface/report/report.h"
#include "platform/core/json.h"
#include "platform/core/result.h"

namespace sluice::governance::interface {

// A finding for whatever would newly fail, at its severity; what would pass, and what could not be
// judged, as notes.
Report report_of_preview(const Json& answer);
// How many violations are new; an environment that could not be looked at makes `complete` false.
struct PreviewOutcome {
  std::int64_t newly_failing = 0;
  bool complete = true;
};
PreviewOutcome outcome_of_preview(const Json& answer);

// {sound, problems[{field, rule, message, fix, line, column}], rules, exemptions, modes} of a file.
Report report_of_policy_test(std::string_view file, const Json& test);

// {from, to, patch}: an item for each difference.
Report report_of_policy_diff(const Json& diff);
// A kept plan of the policies: what approving it would approve.
Report report_of_policy_plan(const Json& plan);

}  // namespace sluice::governance::interface
