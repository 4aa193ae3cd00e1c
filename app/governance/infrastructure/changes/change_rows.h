// The rows of changes, within a transaction of the caller's: for whoever moves a change on.
#pragma once

#include "governance/domain/change/change.h"
#include "platform/core/result.h"
#include "platform/sql/database.h"

namespace sluice::governance::infrastructure {

// The change as it is, locked until the transaction ends. change.not-found (kNotFound).
Result<domain::StoredChange> lock_change(sql::Session& session, const domain::ChangeId& change);

// With who asked for its revisions, and every decision about it.
Result<domain::ChangeFile> read_file(sql::Session& session, domain::StoredChange change);

// Moves a locked change. An apply that starts, a rejection and a cancel spend the approvals given so
// far. change.state (kConflict) when the step is not allowed from where it stands.
Status step_change(sql::Session& session, const domain::StoredChange& change, domain::ChangeStep step, TimePoint now);

}  // namespace sluice::governance::infrastructure
