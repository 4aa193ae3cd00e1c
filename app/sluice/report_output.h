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

Json problem_json(const Problem& problem);
// A refused document, in the machine's formats as well: a finding for each problem, where it is. Says it to
// people as fail() does where `format` is text.
int fail_in(Io& io, const std::string& format, std::string kind, const std::string& file, const Error& error);

}  // namespace sluice::cli
