#include "platform/postgres/database.h"

#include "platform/postgres/schema_session.h"
#include "platform/postgres/session.h"
#include "platform/postgres/transaction.h"

namespace sluice::postgres {

Status Database::ping(Deadline deadline) {
  SLUICE_TRY(const Lease connection, pool_.acquire(deadline));
  SLUICE_CHECK(connection->run_script("SELECT 1", deadline));
  return {};
}

Result<std::unique_ptr<sql::SchemaSession>> Database::open_schema_session(Deadline deadline) {
  return postgres::open_schema_session(pool_.options().connection, deadline);
}

Status Database::run(const Body& body, const sql::TransactionOptions& options) {
  return run_transaction(
      pool_,
      [&](Connection& connection) -> Status {
        Session session(connection, options.deadline);
        return body(session);
      },
      options);
}

}  // namespace sluice::postgres
