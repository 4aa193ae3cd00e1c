// The one count of the catalogue's writes, topics and groups alike: who remembers a version asks for what
// is newer.
#pragma once

#include <cstdint>

#include "platform/core/result.h"
#include "platform/sql/database.h"

namespace sluice::governance::infrastructure {

// Moves on within the transaction, which holds the clock until its end.
Result<std::int64_t> next_catalogue_version(sql::Session& session);

}  // namespace sluice::governance::infrastructure
