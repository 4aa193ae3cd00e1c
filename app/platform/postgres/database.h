// The SQL port on PostgreSQL. Thread-safe.
#pragma once

#include <memory>

#include "platform/postgres/pool.h"
#include "platform/sql/database.h"

namespace sluice::postgres {

class Database final : public sql::Database {
 public:
  // Connects when first used. `pool` must outlive it and may be used for other work, too.
  explicit Database(Pool& pool) : pool_(pool) {}

  [[nodiscard]] sql::Dialect dialect() const override { return sql::Dialect::kPostgres; }
  Status ping(Deadline deadline) override;
  // On a connection of its own, holding an advisory lock named after the schema; creates the schema
  // when it is missing.
  Result<std::unique_ptr<sql::SchemaSession>> open_schema_session(Deadline deadline) override;

 protected:
  Status run(const Body& body, const sql::TransactionOptions& options) override;

 private:
  Pool& pool_;
};

}  // namespace sluice::postgres
