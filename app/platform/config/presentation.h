// The configuration as users see it. Pure.
#pragma once

#include <string>

#include "platform/config/config.h"
#include "platform/core/json.h"

namespace sluice::config {

// `sluice config print`: every key with the value in force, as YAML that loads again; secrets, what
// came out of ${file:…}, and passwords in addresses are "***".
std::string print(const Config& config);

// `sluice config schema`: JSON Schema draft 2020-12, for editors.
Json schema();

// The table of docs/guide/configuration.md.
std::string markdown_table();

}  // namespace sluice::config
