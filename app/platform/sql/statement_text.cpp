#include "platform/sql/statement_text.h"

namespace sluice::sql {
namespace {

// "$3, $4, $5"
std::string placeholders(std::size_t first, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ", ";
    text += "$" + std::to_string(first + i);
  }
  return text;
}

}  // namespace

std::string_view now_ms(Dialect dialect) {
  switch (dialect) {
    case Dialect::kPostgres: return "CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS bigint)";
    // 2440587.5 is the Julian day of 1970-01-01T00:00Z.
    case Dialect::kSqlite: return "CAST((julianday('now') - 2440587.5) * 86400000.0 AS INTEGER)";
  }
  return "";
}

std::string placeholder_rows(std::size_t first, std::size_t rows, std::size_t columns) {
  std::string text;
  for (std::size_t row = 0; row < rows; ++row) {
    text += row > 0 ? ", (" : "(";
    text += placeholders(first + row * columns, columns) + ")";
  }
  return text;
}

}  // namespace sluice::sql
