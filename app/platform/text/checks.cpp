#include "platform/text/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "platform/core/text.h"

namespace sluice::text {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// The length of the valid character at the start of `text`; 0 if there is none.
std::size_t character_length(std::string_view text) {
  for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length) {
    if (is_valid_utf8(text.substr(0, length))) return length;
  }
  return 0;
}

std::size_t first_invalid_byte(std::string_view text) {
  std::size_t offset = 0;
  for (std::size_t length = 1; offset < text.size(); offset += length) {
    length = character_length(text.substr(offset));
    if (length == 0) break;
  }
  return offset;
}

Error refuse(std::string_view text, std::size_t offset, std::string rule, std::string message,
             std::string fix) {
  const Mark mark = mark_at(text, offset);
  return malformed({Problem{.field = "",
                            .rule = std::move(rule),
                            .message = std::move(message),
                            .fix = std::move(fix),
                            .line = mark.line,
                            .column = mark.column}});
}

Error too_large(std::size_t size, std::size_t limit) {
  return Error{ErrorKind::kTooLarge,
               "text.too-large",
               fmt::format("the document has {} bytes; at most {} are read", size, limit),
               "split it into several documents",
               {}};
}

bool is_utf16(std::string_view text) {
  return text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff");
}

Error not_utf8(std::string_view text) {
  if (is_utf16(text)) {
    return refuse(text, 0, "encoding", "the document is UTF-16", "save it as UTF-8");
  }
  const std::size_t offset = first_invalid_byte(text);
  return refuse(text, offset, "encoding",
                fmt::format("byte 0x{:02x} is not valid UTF-8", static_cast<unsigned char>(text[offset])),
                "save the document as UTF-8");
}

}  // namespace

Mark mark_at(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto line = std::count(before.begin(), before.end(), '\n');
  const auto column =
      std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line_start), before.end(),
                    [](char c) { return !is_continuation(c); });
  return Mark{static_cast<int>(line) + 1, static_cast<int>(column) + 1};
}

std::string excerpt(std::string_view text, std::size_t limit) { return printable(text, limit); }

Error malformed(std::vector<Problem> problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  const Problem& first = problems.front();
  std::string message = fmt::format("line {}, column {}: {}", first.line, first.column, first.message);
  if (problems.size() > 1) message += fmt::format(", and {} more", problems.size() - 1);
  std::string fix = first.fix;
  return Error{ErrorKind::kInvalid, "text.malformed", std::move(message), std::move(fix),
               std::move(problems)};
}

std::optional<Error> check_text(std::string_view text, const Limits& limits) {
  if (text.size() > limits.bytes) return too_large(text.size(), limits.bytes);
  if (!is_valid_utf8(text)) return not_utf8(text);
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return refuse(text, nul, "nul", "the document holds a NUL byte", "save it as plain UTF-8 text");
  }
  const std::string_view body = without_byte_order_mark(text);
  if (const std::size_t mark = body.find(kByteOrderMark); mark != std::string_view::npos) {
    return refuse(body, mark, "encoding", "a byte order mark inside the document",
                  "remove the invisible character U+FEFF");
  }
  if (trim(body).empty()) {
    return refuse(body, 0, "empty-document", "the document is empty", "");
  }
  return std::nullopt;
}

std::string_view without_byte_order_mark(std::string_view text) {
  return text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text;
}

}  // namespace sluice::text
