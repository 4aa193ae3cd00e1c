// What crosses the SQL port: values in, rows out. Plain values, no locking.
//
// Column types that mean the same on both dialects: text, bigint, boolean, double precision, bytea.
// Points in time are `bigint` columns named …_ms: milliseconds since 1970 in UTC. They order and
// compare alike everywhere; operators read them with to_timestamp(x / 1000.0). JSON documents are
// text to this port (PostgreSQL columns are `json`, which keeps the text byte for byte; `jsonb`
// would reorder members). Aggregates say what they are: CAST(sum(x) AS bigint). Where the order of
// text matters, ORDER BY … COLLATE "C" works on both.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "platform/core/clock.h"
#include "platform/core/result.h"

namespace sluice::sql {

struct Bytes {
  std::string data;
  bool operator==(const Bytes&) const = default;
};

class Value {
 public:
  using Storage = std::variant<std::monostate, bool, std::int64_t, double, std::string, Bytes>;

  Value() = default;  // null
  Value(std::nullptr_t) {}
  template <typename Number>
  requires std::same_as<Number, bool> Value(Number flag) : storage_(flag) {}
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) Value(Number number)
      : storage_(static_cast<std::int64_t>(number)) {}
  Value(double number) : storage_(number) {}
  Value(const char* text) : storage_(std::string(text)) {}
  Value(std::string_view text) : storage_(std::string(text)) {}
  Value(std::string text) : storage_(std::move(text)) {}
  Value(Bytes bytes) : storage_(std::move(bytes)) {}
  Value(TimePoint time) : storage_(std::int64_t{time.time_since_epoch().count()}) {}
  template <typename T>
  Value(const std::optional<T>& value) {
    if (value) *this = Value(*value);
  }

  [[nodiscard]] bool is_null() const { return storage_.index() == 0; }
  [[nodiscard]] const Storage& storage() const { return storage_; }
  bool operator==(const Value&) const = default;

 private:
  Storage storage_;
};

// What the statement's $1, $2, … stand for, in that order:
//   session.query("SELECT … WHERE id = $1 AND revision < $2", {id, revision})
class Params {
 public:
  Params() = default;
  Params(std::initializer_list<Value> values) : values_(values) {}
  Params& add(Value value) {
    values_.push_back(std::move(value));
    return *this;
  }
  [[nodiscard]] std::span<const Value> values() const { return values_; }
  [[nodiscard]] std::size_t size() const { return values_.size(); }

 private:
  std::vector<Value> values_;
};

class Row;

// A whole result in memory: statements that can find many rows carry a LIMIT.
class Rows {
 public:
  Rows() = default;
  Rows(std::vector<std::string> columns, std::vector<std::vector<Value>> rows)
      : columns_(std::move(columns)), rows_(std::move(rows)) {}

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] std::span<const std::string> columns() const { return columns_; }
  // Refers to this Rows: don't keep it longer.
  [[nodiscard]] Row row(std::size_t index) const;
  [[nodiscard]] const Value& at(std::size_t row, std::size_t column) const;

 private:
  friend class Row;
  std::vector<std::string> columns_;
  std::vector<std::vector<Value>> rows_;
};

// Reads one row by column name. A missing column, an unexpected null or a wrong type (a database
// that is not what the program thinks) is remembered, the getter gives an empty value, and
// status() reports the first such problem (code sql.wrong-type): check it before using what was
// read.
//   Token token{row.text("id"), row.optional_time("revoked_at_ms")};
//   SLUICE_CHECK(row.status());
class Row {
 public:
  Row(const Rows& rows, std::size_t index) : rows_(&rows), index_(index) {}

  std::string text(std::string_view column);
  std::int64_t integer(std::string_view column);
  double number(std::string_view column);
  bool boolean(std::string_view column);  // SQLite stores 0 and 1
  Bytes bytes(std::string_view column);
  TimePoint time(std::string_view column);  // a …_ms column
  std::optional<std::string> optional_text(std::string_view column);
  std::optional<std::int64_t> optional_integer(std::string_view column);
  std::optional<TimePoint> optional_time(std::string_view column);

  [[nodiscard]] Status status() const;

 private:
  const Value* find(std::string_view column);
  void fail(std::string_view column, std::string_view expected);

  const Rows* rows_;
  std::size_t index_;
  std::optional<Error> error_;
};

// What no database should have to judge: text that is not UTF-8 or holds a NUL (PostgreSQL refuses
// it, SQLite would keep it). Adapters call it before every statement.
Status check_params(const Params& params);

}  // namespace sluice::sql
