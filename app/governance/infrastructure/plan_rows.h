// Kept plans, read within a transaction of the caller's.
#pragma once

#include <cstdint>
#include <optional>

#include "governance/domain/repository/plan_repository.h"
#include "platform/sql/database.h"

namespace sluice::governance::infrastructure {

// The newest revision, or the one asked for; empty when there is none.
Result<std::optional<domain::StoredPlan>> find_plan(sql::Session& session, const domain::ChangeId& change,
                                                    std::optional<std::int64_t> revision);

}  // namespace sluice::governance::infrastructure
