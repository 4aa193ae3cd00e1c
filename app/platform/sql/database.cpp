#include "platform/sql/database.h"

namespace sluice::sql {

std::string_view to_string(Dialect dialect) {
  switch (dialect) {
    case Dialect::kPostgres: return "postgres";
    case Dialect::kSqlite: return "sqlite";
  }
  return "postgres";
}

Result<Rows> FailFastSession::query(std::string_view sql, const Params& params) {
  if (failed_) return Error(*failed_);
  auto rows = session_.query(sql, params);
  if (!rows) failed_ = rows.error();
  return rows;
}

Result<std::int64_t> FailFastSession::execute(std::string_view sql, const Params& params) {
  if (failed_) return Error(*failed_);
  auto count = session_.execute(sql, params);
  if (!count) failed_ = count.error();
  return count;
}

Status FailFastSession::status() const {
  if (failed_) return Error(*failed_);
  return {};
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
