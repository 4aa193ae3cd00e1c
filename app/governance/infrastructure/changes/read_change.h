// Rows of changes and approvals, read back.
#pragma once

#include "governance/domain/change/change.h"
#include "platform/core/result.h"
#include "platform/sql/value.h"

namespace sluice::governance::infrastructure {

// sql.wrong-type when the row is not what the program thinks.
Result<domain::StoredChange> read_change(sql::Row row);
Result<domain::StoredApproval> read_approval(sql::Row row);

}  // namespace sluice::governance::infrastructure
