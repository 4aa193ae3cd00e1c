#include "platform/sql/database.h"

namespace sluice::sql {

std::string_view to_string(Dialect dialect) {
  switch (dialect) {
    case Dialect::kPostgres: return "postgres";
    case Dialect::kSqlite: return "sqlite";
  }
  return "postgres";
}

Result<Rows> Database::query(std::string_view sql, const Params& params,
                             const TransactionOptions& options) {
  return transaction([&](Session& session) { return session.query(sql, params); }, options);
}

Result<std::int64_t> Database::execute(std::string_view sql, const Params& params,
                                       const TransactionOptions& options) {
  return transaction([&](Session& session) { return session.execute(sql, params); }, options);
}

}  // namespace sluice::sql
