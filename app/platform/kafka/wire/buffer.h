// Kafka's wire types, big-endian: written into a string, read from one that a stranger sent.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sluice::kafka::wire {

class Encoder {
 public:
  Encoder& int16(std::int16_t value) { return integer(value); }
  Encoder& int32(std::int32_t value) { return integer(value); }
  Encoder& string(std::string_view text);   // INT16 length
  Encoder& bytes(std::string_view content); // INT32 length
  // "Compact" is Kafka's word for lengths as unsigned varints, one too high, 0 for null.
  Encoder& compact_string(std::string_view text);
  Encoder& compact_count(std::size_t items) { return uvarint(items + 1); }
  Encoder& compact_null() { return uvarint(0); }
  Encoder& no_tags() { return uvarint(0); }
  Encoder& raw(std::string_view content);

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  template <typename T>
  Encoder& integer(T value) {
    for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) {
      out_.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> shift & 0xFFU));
    }
    return *this;
  }
  Encoder& uvarint(std::uint64_t value);

  std::string out_;
};

// Never reads past the end: after the first wrong byte ok() is false, every value is 0 or empty and
// every count 0, so that callers may check once at the end.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : rest_(bytes) {}

  std::int8_t int8() { return integer<std::int8_t>(); }
  std::int16_t int16() { return integer<std::int16_t>(); }
  std::int32_t int32() { return integer<std::int32_t>(); }
  std::int64_t int64() { return integer<std::int64_t>(); }
  std::string string();           // INT16 length; null is empty
  std::string bytes();            // INT32 length; null is empty
  std::string compact_string();   // null is empty
  // Items to come, each at least `smallest` bytes; more than the rest can hold is wrong. Null is 0.
  std::size_t count(std::size_t smallest);
  std::size_t compact_count(std::size_t smallest);
  void skip_tags();

  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool ok() const { return ok_; }
  // Everything was right and nothing is left.
  [[nodiscard]] bool complete() const { return ok_ && rest_.empty(); }

 private:
  template <typename T>
  T integer() {
    const std::string_view digits = take(sizeof(T));
    std::uint64_t value = 0;
    for (const char c : digits) value = value << 8U | static_cast<unsigned char>(c);
    return static_cast<T>(value);
  }
  std::uint64_t uvarint();
  std::string_view take(std::uint64_t size);
  std::size_t checked_count(std::int64_t items, std::size_t smallest);

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace sluice::kafka::wire
