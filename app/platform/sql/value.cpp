#include "platform/sql/value.h"

#include <algorithm>

#include <fmt/format.h>

#include "platform/core/text.h"
#include "platform/sql/errors.h"

namespace sluice::sql {

Row Rows::row(std::size_t index) const {
  SLUICE_ASSERT(index < rows_.size());
  return Row(*this, index);
}

const Value& Rows::at(std::size_t row, std::size_t column) const {
  SLUICE_ASSERT(row < rows_.size() && column < columns_.size());
  return rows_[row][column];
}

const Value* Row::find(std::string_view column) {
  const auto& names = rows_->columns_;
  const auto found = std::find(names.begin(), names.end(), column);
  if (found == names.end()) return nullptr;
  return &rows_->rows_[index_][static_cast<std::size_t>(found - names.begin())];
}

void Row::fail(std::string_view column, std::string_view expected) {
  if (error_) return;
  error_ = errors::wrong_type(fmt::format("column \"{}\" is not {}", column, expected));
}

std::string Row::text(std::string_view column) {
  const Value* value = find(column);
  if (value != nullptr) {
    if (const auto* text = std::get_if<std::string>(&value->storage())) return *text;
  }
  fail(column, "text");
  return {};
}

std::int64_t Row::integer(std::string_view column) {
  const Value* value = find(column);
  if (value != nullptr) {
    if (const auto* integer = std::get_if<std::int64_t>(&value->storage())) return *integer;
  }
  fail(column, "an integer");
  return 0;
}

double Row::number(std::string_view column) {
  const Value* value = find(column);
  if (value != nullptr) {
    if (const auto* number = std::get_if<double>(&value->storage())) return *number;
    if (const auto* integer = std::get_if<std::int64_t>(&value->storage())) {
      return static_cast<double>(*integer);
    }
  }
  fail(column, "a number");
  return 0;
}

bool Row::boolean(std::string_view column) {
  const Value* value = find(column);
  if (value != nullptr) {
    if (const auto* flag = std::get_if<bool>(&value->storage())) return *flag;
    const auto* integer = std::get_if<std::int64_t>(&value->storage());
    if (integer != nullptr && (*integer == 0 || *integer == 1)) return *integer == 1;
  }
  fail(column, "a boolean");
  return false;
}

Bytes Row::bytes(std::string_view column) {
  const Value* value = find(column);
  if (value != nullptr) {
    if (const auto* bytes = std::get_if<Bytes>(&value->storage())) return *bytes;
  }
  fail(column, "bytes");
  return {};
}

TimePoint Row::time(std::string_view column) {
  return TimePoint{std::chrono::milliseconds{integer(column)}};
}

std::optional<std::string> Row::optional_text(std::string_view column) {
  const Value* value = find(column);
  if (value != nullptr && value->is_null()) return std::nullopt;
  return text(column);
}

std::optional<std::int64_t> Row::optional_integer(std::string_view column) {
  const Value* value = find(column);
  if (value != nullptr && value->is_null()) return std::nullopt;
  return integer(column);
}

std::optional<TimePoint> Row::optional_time(std::string_view column) {
  const Value* value = find(column);
  if (value != nullptr && value->is_null()) return std::nullopt;
  return time(column);
}

Status Row::status() const {
  if (error_) return *error_;
  return {};
}

Status check_params(const Params& params) {
  for (std::size_t i = 0; i < params.size(); ++i) {
    const auto* text = std::get_if<std::string>(&params.values()[i].storage());
    if (text == nullptr) continue;
    if (text->find('\0') != std::string::npos || !is_valid_utf8(*text)) {
      return errors::invalid_value(
          fmt::format("parameter {} is not UTF-8 text without NUL characters", i + 1));
    }
  }
  return {};
}

}  // namespace sluice::sql
