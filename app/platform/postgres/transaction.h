// A function in a transaction of its own, run again when PostgreSQL asks for it.
#pragma once

#include <functional>

#include "platform/core/result.h"
#include "platform/postgres/pool.h"
#include "platform/sql/database.h"

namespace sluice::postgres {

// Commits when `body` succeeds, rolls back when it fails. Serialization failures and deadlocks
// (also at COMMIT) run it again, as often as the options allow; nothing else does. An unknown
// outcome of COMMIT is sql.commit-unknown.
Status run_transaction(Pool& pool, const std::function<Status(Connection&)>& body,
                       const sql::TransactionOptions& options);

}  // namespace sluice::postgres
