// sluice audit: its commands share one group.
#pragma once

#include "sluice/command.h"

namespace sluice::cli {

void add_audit_verify(CLI::App& group, const Program& program);

}  // namespace sluice::cli
