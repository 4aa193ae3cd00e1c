// --format of the commands that report (plan, apply, drift, policy, audit): one option, one place that
// knows the formats' names.
#pragma once

#include <string>

#include "governance/interface/report/report.h"
#include "platform/core/json.h"
#include "sluice/command.h"

namespace sluice::cli {

// `format` holds the default.
void add_format_option(CLI::App& command, std::string& format);

// `document` is the server's answer, which --format json shows.
std::string rendered(const Io& io, const std::string& format, governance::interface::Report report,
                     const Json& document);

}  // namespace sluice::cli
