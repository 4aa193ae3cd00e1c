#include "platform/core/canonical_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <vector>

#include "platform/core/assert.h"
#include "platform/core/sha256.h"

namespace sluice {
namespace {

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\b': out += "\\b"; break;
    case '\f': out += "\\f"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    default: out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
  }
}

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// RFC 8785 sorts member names by UTF-16 code units; UTF-8 byte order differs from that only where
// a surrogate pair (4-byte UTF-8) meets U+E000..U+FFFF (3-byte UTF-8 starting with EE or EF).
std::uint8_t utf16_rank(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0xf0) return 0xee;
  if (byte >= 0xee) return static_cast<std::uint8_t>(byte + 0x10);
  return byte;
}

bool utf16_less(std::string_view a, std::string_view b) {
  const auto [in_a, in_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (in_a == a.end() || in_b == b.end()) return in_a == a.end() && in_b != b.end();
  const std::uint8_t rank_a = utf16_rank(*in_a);
  const std::uint8_t rank_b = utf16_rank(*in_b);
  return rank_a != rank_b ? rank_a < rank_b
                          : static_cast<unsigned char>(*in_a) < static_cast<unsigned char>(*in_b);
}

void append_value(std::string& out, const Json& value);

void append_object(std::string& out, const Json& object, std::span<const std::string_view> without = {}) {
  std::vector<std::pair<std::string_view, const Json*>> members;
  members.reserve(object.size());
  for (const auto& [name, member] : object.get_ref<const Json::object_t&>()) {
    if (std::find(without.begin(), without.end(), name) == without.end()) members.emplace_back(name, &member);
  }
  std::sort(members.begin(), members.end(),
            [](const auto& a, const auto& b) { return utf16_less(a.first, b.first); });
  out.push_back('{');
  bool first = true;
  for (const auto& [name, member] : members) {
    if (!first) out.push_back(',');
    first = false;
    append_canonical_string(out, name);
    out.push_back(':');
    append_value(out, *member);
  }
  out.push_back('}');
}

void append_array(std::string& out, const Json& array) {
  out.push_back('[');
  bool first = true;
  for (const Json& element : array) {
    if (!first) out.push_back(',');
    first = false;
    append_value(out, element);
  }
  out.push_back(']');
}

void append_value(std::string& out, const Json& value) {
  switch (value.type()) {
    case Json::value_t::object: append_object(out, value); break;
    case Json::value_t::array: append_array(out, value); break;
    case Json::value_t::string: append_canonical_string(out, value.get_ref<const std::string&>()); break;
    case Json::value_t::boolean: out += value.get<bool>() ? "true" : "false"; break;
    case Json::value_t::number_integer: out += fmt::format("{}", value.get<std::int64_t>()); break;
    case Json::value_t::number_unsigned: out += fmt::format("{}", value.get<std::uint64_t>()); break;
    case Json::value_t::number_float: out += format_es6_number(value.get<double>()); break;
    default: out += "null";
  }
}

}  // namespace

void append_canonical_object(std::string& out, const Json& object, std::span<const std::string_view> without) {
  append_object(out, object, without);
}

void append_canonical_string(std::string& out, std::string_view text) {
  out.push_back('"');
  while (!text.empty()) {
    const auto special = std::find_if(text.begin(), text.end(), needs_escape);
    const auto plain = static_cast<std::size_t>(special - text.begin());
    out.append(text.substr(0, plain));
    if (plain == text.size()) break;
    append_escaped(out, text[plain]);
    text.remove_prefix(plain + 1);
  }
  out.push_back('"');
}

std::string format_es6_number(double value) {
  SLUICE_ASSERT(std::isfinite(value));
  if (value == 0) return "0";
  if (value < 0) return "-" + format_es6_number(-value);
  // The shortest digits that read back as the same double, as d.ddde±xx.
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  const std::size_t e = text.find('e');
  int exponent = 0;
  const std::size_t exponent_start = e + (text[e + 1] == '+' ? 2 : 1);
  std::from_chars(text.data() + exponent_start, text.data() + text.size(), exponent);
  std::string digits{text.substr(0, 1)};
  if (e > 2) digits += text.substr(2, e - 2);

  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // where the decimal point stands among the digits
  if (point >= count && point <= 21) return digits + std::string(static_cast<std::size_t>(point - count), '0');
  if (point > 0 && point <= 21) return digits.insert(static_cast<std::size_t>(point), ".");
  if (point > -6 && point <= 0) return "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  if (count > 1) digits.insert(1, ".");
  return fmt::format("{}e{}{}", digits, exponent < 0 ? '-' : '+', std::abs(exponent));
}

std::string canonical_json(const Json& value) {
  std::string out;
  append_value(out, value);
  return out;
}

std::string json_digest(const Json& value) { return sha256_hex(canonical_json(value)); }

}  // namespace sluice
