#include "audit/infrastructure/record_rows.h"

#include <variant>

#include <fmt/format.h>

#include "platform/sql/errors.h"

namespace sluice::audit::infrastructure {
namespace {

constexpr std::int64_t kLastMillisecond = 253'402'300'799'999;  // of the year 9999, the last that is four digits

// Columns by their place: looking up eighteen names a row is what verifying a million rows would be about.
class Columns {
 public:
  Columns(const sql::Rows& rows, std::size_t row) : rows_(rows), row_(row) {}

  void read(std::string& into) {
    const auto* text = std::get_if<std::string>(&next());
    if (text == nullptr) return fail();
    into.assign(*text);
  }
  void read(std::int64_t& into) {
    const auto* number = std::get_if<std::int64_t>(&next());
    if (number == nullptr) return fail();
    into = *number;
  }
  void fail() {
    if (wrong_ == 0) wrong_ = column_;
  }
  [[nodiscard]] Status status() const {
    if (wrong_ == 0) return {};
    return sql::errors::wrong_type(fmt::format("its column {} holds what was never written there",
                                               rows_.columns()[wrong_ - 1]));
  }

 private:
  const sql::Value::Storage& next() { return rows_.at(row_, column_++).storage(); }

  const sql::Rows& rows_;
  std::size_t row_;
  std::size_t column_ = 0;
  std::size_t wrong_ = 0;  // 1-based
};

}  // namespace

Status read_record(const sql::Rows& rows, std::size_t row, domain::Record& record) {
  Columns columns(rows, row);
  std::int64_t at_ms = 0;
  columns.read(record.environment);
  columns.read(record.seq);
  columns.read(record.prev);
  columns.read(record.hash);
  columns.read(at_ms);
  if (at_ms < 0 || at_ms > kLastMillisecond) columns.fail();
  columns.read(record.action);
  columns.read(record.target);
  columns.read(record.name);
  columns.read(record.change_id);
  columns.read(record.actor.id);
  columns.read(record.actor.owner);
  columns.read(record.actor.issuer);
  columns.read(record.actor.token_id);
  columns.read(record.request_id);
  columns.read(record.outcome);
  columns.read(record.before);
  columns.read(record.after);
  columns.read(record.detail);
  record.at = TimePoint{std::chrono::milliseconds{at_ms}};
  return columns.status();
}

}  // namespace sluice::audit::infrastructure
