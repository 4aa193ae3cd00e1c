// What is told of an apply: each item's audit entry, the entries of its beginning and end, and the
// notification. Pure.
#pragma once

#include <optional>

#include "governance/application/apply/chunk.h"

namespace sluice::governance::application {

// None for an item that asked for nothing and got it.
std::optional<audit::contract::Entry> audit_entry(const RunningExecution& execution, const ChunkItem& item);

audit::contract::Entry begin_entry(const RunningExecution& execution, std::string_view action);
Ending ending_of(const RunningExecution& execution, TimePoint at);

// "3 done, 1 failed, 1 stale" with what there is.
std::string summary_of(const domain::Execution& execution);

}  // namespace sluice::governance::application
