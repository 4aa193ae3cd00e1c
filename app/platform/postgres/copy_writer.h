// Rows in PostgreSQL's binary COPY format. Not thread-safe; grows with what is put in: bound the
// batch by size(). The column types of the COPY must be exactly those written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "platform/core/clock.h"

namespace sluice::postgres {

class CopyWriter {
 public:
  explicit CopyWriter(int columns);

  void begin_row();  // then one call for each column
  void null();
  void boolean(bool value);
  void int8(std::int64_t value);
  void float8(double value);
  void text(std::string_view value);  // varchar and json, too; UTF-8 without NUL
  void bytea(std::string_view value);
  void jsonb(std::string_view json);
  void timestamptz(TimePoint value);
  // False, writing null, for what is not a UUID in its canonical form.
  [[nodiscard]] bool uuid(std::string_view value);

  [[nodiscard]] std::size_t size() const { return data_.size(); }
  [[nodiscard]] std::size_t rows() const { return rows_; }
  // Ends the data; nothing can be added after it.
  std::string finish();

 private:
  template <typename Integer>
  void big_endian(Integer value);
  void begin_field(std::int32_t size);
  void field(std::string_view bytes);

  int columns_;
  int columns_left_ = 0;
  std::size_t rows_ = 0;
  std::string data_;
};

}  // namespace sluice::postgres
