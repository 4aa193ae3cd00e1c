// The result of one statement, as libpq received it (text format). Move-only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "platform/core/result.h"
#include "platform/postgres/server_error.h"
#include "platform/sql/value.h"

struct pg_result;

namespace sluice::postgres {

class ResultSet {
 public:
  explicit ResultSet(pg_result* result) : result_(result) {}  // takes ownership

  [[nodiscard]] std::size_t rows() const;
  [[nodiscard]] std::size_t columns() const;
  [[nodiscard]] bool is_null(std::size_t row, std::size_t column) const;
  // Valid as long as this ResultSet; empty for null.
  [[nodiscard]] std::string_view text(std::size_t row, std::size_t column) const;
  [[nodiscard]] std::int64_t affected_rows() const;
  [[nodiscard]] std::string_view command_tag() const;  // "COMMIT", "INSERT 0 1"
  // bool, integers, floats and bytea as such; everything else as PostgreSQL writes it.
  [[nodiscard]] Result<sql::Rows> to_rows() const;

  [[nodiscard]] bool failed() const;
  [[nodiscard]] ServerError server_error() const;
  [[nodiscard]] pg_result* get() const { return result_.get(); }

 private:
  struct Clear {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, Clear> result_;
};

}  // namespace sluice::postgres
