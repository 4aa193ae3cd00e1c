// The file that a command is given: batches, policies. "-" is standard input.
#pragma once

#include <string>
#include <string_view>

#include "platform/core/result.h"

namespace sluice::cli {

// At most 1 MiB, as the API takes; errors name the file.
Result<std::string> read_input(const std::string& file);
std::string_view content_type_of(const std::string& file);

}  // namespace sluice::cli
