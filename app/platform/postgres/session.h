// A Connection seen through the SQL port.
#pragma once

#include "platform/postgres/connection.h"
#include "platform/sql/database.h"

namespace sluice::postgres {

class Session final : public sql::Session {
 public:
  Session(Connection& connection, Deadline deadline)
      : connection_(connection), deadline_(deadline) {}

  Result<sql::Rows> query(std::string_view sql, const sql::Params& params) override {
    SLUICE_TRY(const Arguments arguments, Arguments::from(params));
    SLUICE_TRY(const ResultSet result, connection_.execute(sql, arguments, deadline_));
    return result.to_rows();
  }
  Result<std::int64_t> execute(std::string_view sql, const sql::Params& params) override {
    SLUICE_TRY(const Arguments arguments, Arguments::from(params));
    SLUICE_TRY(const ResultSet result, connection_.execute(sql, arguments, deadline_));
    return result.affected_rows();
  }

 private:
  Connection& connection_;
  Deadline deadline_;
};

}  // namespace sluice::postgres
