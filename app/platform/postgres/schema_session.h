// The one session that changes the schema.
#pragma once

#include <memory>

#include "platform/postgres/options.h"
#include "platform/sql/database.h"

namespace sluice::postgres {

// kTimeout, code migrate.busy, when another session holds the lock until the deadline.
Result<std::unique_ptr<sql::SchemaSession>> open_schema_session(ConnectionOptions options,
                                                                Deadline deadline);

}  // namespace sluice::postgres
