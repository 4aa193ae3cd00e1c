#include "platform/postgres/copy_writer.h"

#include <bit>
#include <chrono>
#include <type_traits>
#include <utility>

#include "platform/core/assert.h"
#include "platform/core/id_source.h"

namespace sluice::postgres {
namespace {

constexpr std::string_view kSignature("PGCOPY\n\377\r\n\0", 11);
constexpr auto kPostgresEpoch = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};
constexpr char kJsonbVersion = 1;

unsigned hex_value(char c) {
  if (c <= '9') return static_cast<unsigned>(c - '0');
  return static_cast<unsigned>((c | 0x20) - 'a') + 10;
}

}  // namespace

CopyWriter::CopyWriter(int columns) : columns_(columns), data_(kSignature) {
  big_endian(std::int32_t{0});  // flags
  big_endian(std::int32_t{0});  // length of the header's extension
}

template <typename Integer>
void CopyWriter::big_endian(Integer value) {
  const auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
  for (std::size_t shift = sizeof(Integer) * 8; shift > 0; shift -= 8) {
    data_.push_back(static_cast<char>((bits >> (shift - 8)) & 0xff));
  }
}

void CopyWriter::begin_row() {
  SLUICE_ASSERT(columns_left_ == 0);
  columns_left_ = columns_;
  ++rows_;
  big_endian(static_cast<std::int16_t>(columns_));
}

void CopyWriter::begin_field(std::int32_t size) {
  SLUICE_ASSERT(columns_left_ > 0);
  --columns_left_;
  big_endian(size);
}

void CopyWriter::field(std::string_view bytes) {
  begin_field(static_cast<std::int32_t>(bytes.size()));
  data_.append(bytes);
}

void CopyWriter::null() { begin_field(-1); }

void CopyWriter::boolean(bool value) { field(std::string_view(value ? "\1" : "\0", 1)); }

void CopyWriter::int8(std::int64_t value) {
  begin_field(sizeof value);
  big_endian(value);
}

void CopyWriter::float8(double value) { int8(std::bit_cast<std::int64_t>(value)); }

void CopyWriter::text(std::string_view value) { field(value); }

void CopyWriter::bytea(std::string_view value) { field(value); }

void CopyWriter::jsonb(std::string_view json) {
  std::string versioned(1, kJsonbVersion);
  field(versioned.append(json));
}

void CopyWriter::timestamptz(TimePoint value) {
  int8(std::chrono::duration_cast<std::chrono::microseconds>(value - kPostgresEpoch).count());
}

bool CopyWriter::uuid(std::string_view value) {
  if (!is_uuid(value)) {
    null();
    return false;
  }
  std::string bytes;
  std::string digits;
  for (const char c : value) {
    if (c != '-') digits.push_back(c);
  }
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    bytes.push_back(static_cast<char>(hex_value(digits[i]) * 16 + hex_value(digits[i + 1])));
  }
  field(bytes);
  return true;
}

std::string CopyWriter::finish() {
  SLUICE_ASSERT(columns_left_ == 0);
  big_endian(std::int16_t{-1});
  return std::move(data_);
}

}  // namespace sluice::postgres
