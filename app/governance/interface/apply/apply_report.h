// What a person reads of an apply: text for a terminal, Markdown for a pull request. Pure functions of
// the API's answer, so that the CLI shows exactly what the server said.
#pragma once

#include <string>
#include <string_view>

#include "platform/core/json.h"

namespace sluice::governance::interface {

// "text", "json" or "markdown". Items that are done are counted; the others are shown, worst first.
std::string apply_report(const Json& execution, std::string_view format);
// "[=====>    ] 512/1000, 1 failed"
std::string progress_bar(const Json& execution);
// 0 everything is done, 1 not everything, 3 still under way.
int apply_exit_code(const Json& execution);
// Whether an error's code says that something forbids the apply (exit code 4), rather than that
// something went wrong.
bool is_apply_refusal(std::string_view code);

}  // namespace sluice::governance::interface
