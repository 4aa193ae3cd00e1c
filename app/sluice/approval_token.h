// Where a command gets an approval token. In its arguments everybody on the machine would see it: so
// from a file, or from SLUICE_APPROVAL_TOKEN.
#pragma once

#include <string>

#include "platform/core/result.h"
#include "sluice/command.h"

namespace sluice::cli {

// --approval-token-file
void add_approval_token_option(CLI::App& command, std::string& file);
// Empty where none is given: the recorded signatures then have to do.
Result<std::string> read_approval_token(const Io& io, const std::string& file);

}  // namespace sluice::cli
