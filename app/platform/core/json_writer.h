// JSON straight to text, member by member: for large answers, which a tree would make several times as
// dear. Not thread-safe. The caller says every begin, key and end; nothing checks their order.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sluice {

class JsonWriter {
 public:
  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }
  // Plain ASCII that needs no escapes.
  void key(std::string_view name);

  // Bytes that are no UTF-8 are replaced: they must not stop an answer.
  void value(std::string_view text);
  void value(std::int64_t number);
  template <std::same_as<bool> Flag>
  void value(Flag flag) {
    literal(flag ? "true" : "false");
  }
  void null() { literal("null"); }

  template <typename T>
  void member(std::string_view name, const T& said) {
    key(name);
    value(said);
  }
  // Null where there is none.
  template <typename T>
  void member(std::string_view name, const std::optional<T>& said) {
    key(name);
    said ? value(*said) : null();
  }

  [[nodiscard]] std::string take() && { return std::move(text_); }

 private:
  void separate();
  void begin(char bracket);
  void end(char bracket);
  void literal(std::string_view text);

  std::string text_;
  bool needs_comma_ = false;
};

}  // namespace sluice
