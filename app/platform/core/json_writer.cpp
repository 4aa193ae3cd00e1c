#include "platform/core/json_writer.h"

#include <array>
#include <charconv>

#include "platform/core/canonical_json.h"
#include "platform/core/text.h"

namespace sluice {

void JsonWriter::separate() {
  if (needs_comma_) text_ += ',';
  needs_comma_ = true;
}

void JsonWriter::begin(char bracket) {
  separate();
  text_ += bracket;
  needs_comma_ = false;
}

void JsonWriter::end(char bracket) {
  text_ += bracket;
  needs_comma_ = true;
}

void JsonWriter::key(std::string_view name) {
  separate();
  text_.append("\"").append(name).append("\":");
  needs_comma_ = false;
}

void JsonWriter::literal(std::string_view text) {
  separate();
  text_ += text;
}

void JsonWriter::value(std::string_view text) {
  separate();
  if (is_valid_utf8(text)) return append_canonical_string(text_, text);
  text_ += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void JsonWriter::value(std::int64_t number) {
  std::array<char, 20> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  literal({digits.data(), static_cast<std::size_t>(written.ptr - digits.data())});
}

}  // namespace sluice
