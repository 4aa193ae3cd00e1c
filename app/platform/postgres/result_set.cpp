#include "platform/postgres/result_set.h"

#include <libpq-fe.h>

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "platform/postgres/type_oids.h"
#include "platform/sql/errors.h"

namespace sluice::postgres {
namespace {

template <typename Number>
std::optional<sql::Value> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return sql::Value(number);
}

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return std::nullopt;
}

// bytea_output=hex, the default since 9.0: \x and lower-case digits.
std::optional<sql::Value> parse_bytea(std::string_view text) {
  if (!text.starts_with("\\x") || text.size() % 2 != 0) return std::nullopt;
  sql::Bytes bytes;
  bytes.data.reserve(text.size() / 2 - 1);
  for (std::size_t i = 2; i < text.size(); i += 2) {
    const auto high = hex_digit(text[i]);
    const auto low = hex_digit(text[i + 1]);
    if (!high || !low) return std::nullopt;
    bytes.data.push_back(static_cast<char>(*high * 16 + *low));
  }
  return bytes;
}

std::optional<sql::Value> parse(std::uint32_t type, std::string_view text) {
  switch (type) {
    case oid::kBool: return sql::Value(text == "t");
    case oid::kInt2:
    case oid::kInt4:
    case oid::kInt8: return parse_number<std::int64_t>(text);
    case oid::kFloat4:
    case oid::kFloat8: return parse_number<double>(text);
    case oid::kBytea: return parse_bytea(text);
    default: return sql::Value(text);
  }
}

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string() : std::string(text);
}

}  // namespace

void ResultSet::Clear::operator()(pg_result* result) const { PQclear(result); }

std::size_t ResultSet::rows() const { return static_cast<std::size_t>(PQntuples(result_.get())); }

std::size_t ResultSet::columns() const {
  return static_cast<std::size_t>(PQnfields(result_.get()));
}

bool ResultSet::is_null(std::size_t row, std::size_t column) const {
  return PQgetisnull(result_.get(), static_cast<int>(row), static_cast<int>(column)) != 0;
}

std::string_view ResultSet::text(std::size_t row, std::size_t column) const {
  SLUICE_ASSERT(row < rows() && column < columns());
  const int r = static_cast<int>(row);
  const int c = static_cast<int>(column);
  return {PQgetvalue(result_.get(), r, c),
          static_cast<std::size_t>(PQgetlength(result_.get(), r, c))};
}

std::int64_t ResultSet::affected_rows() const {
  const std::string_view text = PQcmdTuples(result_.get());
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string_view ResultSet::command_tag() const { return PQcmdStatus(result_.get()); }

Result<sql::Rows> ResultSet::to_rows() const {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < columns(); ++c) {
    names.emplace_back(PQfname(result_.get(), static_cast<int>(c)));
  }
  std::vector<std::vector<sql::Value>> values(rows());
  for (std::size_t r = 0; r < rows(); ++r) {
    for (std::size_t c = 0; c < columns(); ++c) {
      auto& value = values[r].emplace_back();
      if (is_null(r, c)) continue;
      auto parsed = parse(PQftype(result_.get(), static_cast<int>(c)), text(r, c));
      if (!parsed) {
        return sql::errors::wrong_type(fmt::format("column \"{}\" can't be read", names[c]));
      }
      value = std::move(*parsed);
    }
  }
  return sql::Rows(std::move(names), std::move(values));
}

bool ResultSet::failed() const {
  switch (PQresultStatus(result_.get())) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
    case PGRES_SINGLE_TUPLE:
    case PGRES_NONFATAL_ERROR:
    case PGRES_PIPELINE_SYNC: return false;
    case PGRES_BAD_RESPONSE:
    case PGRES_FATAL_ERROR:
    case PGRES_PIPELINE_ABORTED: return true;
  }
  return true;
}

ServerError ResultSet::server_error() const {
  const PGresult* result = result_.get();
  return {field(result, PG_DIAG_SQLSTATE),        field(result, PG_DIAG_MESSAGE_PRIMARY),
          field(result, PG_DIAG_MESSAGE_DETAIL),  field(result, PG_DIAG_CONTEXT),
          field(result, PG_DIAG_CONSTRAINT_NAME), field(result, PG_DIAG_TABLE_NAME),
          field(result, PG_DIAG_COLUMN_NAME)};
}

}  // namespace sluice::postgres
