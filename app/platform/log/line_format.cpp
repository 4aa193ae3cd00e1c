#include "platform/log/line_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include "platform/core/json.h"
#include "platform/core/text.h"

namespace sluice::log {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD
constexpr std::array<std::string_view, 4> kOwnNames{"time", "level", "module", "message"};

// The length of the valid character at the start of `text`; 0 if there is none.
std::size_t character_length(std::string_view text) {
  for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length) {
    if (is_valid_utf8(text.substr(0, length))) return length;
  }
  return 0;
}

// C0 and DEL, the C1 controls (C2 80…9F: terminals obey them too), and the two line separators.
bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7f;
  if (character.size() == 2) return first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
  return character == "\xe2\x80\xa8" || character == "\xe2\x80\xa9";
}

std::string escaped(std::string_view control) {
  switch (control[0]) {
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
  }
  const auto first = static_cast<unsigned char>(control[0]);
  if (control.size() == 3) return control.back() == '\xa8' ? "\\u2028" : "\\u2029";
  return fmt::format("\\u{:04x}", control.size() == 1 ? first : static_cast<unsigned char>(control[1]));
}

void append_quotable(std::string& out, char c) {
  if (c == '"' || c == '\\') out.push_back('\\');
  out.push_back(c);
}

enum class Quoting { kNone, kJson };

// With kJson the result may stand between JSON's quotation marks.
std::string clean(std::string_view text, Quoting quoting) {
  std::string out;
  const bool cut = text.size() > kMaxValueBytes;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(1, length));
    if (out.size() + character.size() > kMaxValueBytes) break;
    if (length == 0) {
      out += kReplacement;
    } else if (is_control(character)) {
      out += escaped(character);
    } else if (quoting == Quoting::kJson && length == 1) {
      append_quotable(out, character[0]);
    } else {
      out += character;
    }
    text.remove_prefix(character.size());
  }
  if (cut || !text.empty()) out += "…";
  return out;
}

std::string json_string(std::string_view text) {
  return fmt::format("\"{}\"", clean(text, Quoting::kJson));
}

bool is_own_name(std::string_view name) {
  return std::find(kOwnNames.begin(), kOwnNames.end(), name) != kOwnNames.end();
}

std::string json_value(const Value& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::string>) {
          return json_string(held);
        } else if constexpr (std::is_same_v<Held, double>) {
          return std::isfinite(held) ? Json(held).dump() : "null";
        } else {
          return fmt::format("{}", held);
        }
      },
      value);
}

std::string human_value(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return json_value(value);
  const bool bare = !text->empty() && text->find_first_of(" =\"\\") == std::string::npos;
  return bare ? clean(*text, Quoting::kNone) : json_string(*text);
}

}  // namespace

std::string format_json(const Entry& entry) {
  std::string line = fmt::format(R"({{"time":"{}","level":"{}","module":{},"message":{})",
                                 format_rfc3339(entry.time), to_string(entry.level),
                                 json_string(entry.module), json_string(entry.message));
  for (const Field* field : entry.fields) {
    // A field must not pass for one of ours.
    const std::string_view suffix = is_own_name(field->name) ? "_" : "";
    line += fmt::format(",{}:{}", json_string(field->name + std::string(suffix)), json_value(field->value));
  }
  line.push_back('}');
  return line;
}

std::string format_human(const Entry& entry) {
  constexpr std::size_t kTimeOfDay = 11;  // behind "2026-11-21T"
  const std::string time = format_rfc3339(entry.time).substr(kTimeOfDay, 12);
  std::string line = fmt::format("{} {:<5} {}{}{}", time, to_string(entry.level),
                                 clean(entry.module, Quoting::kNone), entry.module.empty() ? "" : ": ",
                                 clean(entry.message, Quoting::kNone));
  std::string_view separator = "  ";
  for (const Field* field : entry.fields) {
    line += fmt::format("{}{}={}", separator, clean(field->name, Quoting::kNone), human_value(field->value));
    separator = " ";
  }
  return line;
}

}  // namespace sluice::log
