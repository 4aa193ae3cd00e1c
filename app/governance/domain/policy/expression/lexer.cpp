#include "governance/domain/policy/expression/lexer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "platform/core/text.h"

namespace sluice::governance::domain::expression {
namespace {

constexpr std::array<std::string_view, 16> kSymbols{"==", "!=", "<=", ">=", "&&", "||", "(", ")",
                                                    "[",  "]",  ",",  ".",  "<",  ">",  "!", "-"};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> run() {
    for (;;) {
      while (at_ < text_.size() && is_space(text_[at_])) ++at_;
      if (at_ == text_.size()) break;
      SLUICE_CHECK(take());
    }
    tokens_.push_back({TokenKind::kEnd, text_.substr(at_), "", at_, 0, 0});
    return std::move(tokens_);
  }

 private:
  Status take() {
    const char c = text_[at_];
    if (is_letter(c)) return take_name();
    if (is_digit(c)) return take_number();
    if (c == '"' || c == '\'') return take_string(c);
    for (const std::string_view symbol : kSymbols) {
      if (!text_.substr(at_).starts_with(symbol)) continue;
      add(TokenKind::kSymbol, symbol.size());
      return {};
    }
    return wrong_character();
  }

  // Whole, where it has several bytes.
  [[nodiscard]] std::string_view character() const {
    std::size_t end = at_ + 1;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80U) ++end;
    return text_.substr(at_, end - at_);
  }

  Status wrong_character() const {
    const char c = text_[at_];
    const std::string_view fix = c == '=' ? "write == to compare" : c == '&' ? "write &&" : c == '|' ? "write ||" : "";
    return at_offset(text_, at_, fmt::format("'{}' has no meaning here", printable(character(), 4)),
                     std::string(fix));
  }

  Token& add(TokenKind kind, std::size_t length) {
    tokens_.push_back({kind, text_.substr(at_, length), "", at_, 0, 0});
    at_ += length;
    return tokens_.back();
  }

  Status take_name() {
    std::size_t end = at_;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    add(TokenKind::kName, end - at_);
    return {};
  }

  Status take_number() {
    std::size_t end = at_;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    const bool decimal = end + 1 < text_.size() && text_[end] == '.' && is_digit(text_[end + 1]);
    if (decimal) {
      ++end;
      while (end < text_.size() && is_digit(text_[end])) ++end;
    }
    if (end < text_.size() && is_letter(text_[end])) {
      return at_offset(text_, end, "a number has no unit here", "write days(7), hours(1), mib(10), …");
    }
    const std::size_t start = at_;
    Token& token = add(decimal ? TokenKind::kDecimal : TokenKind::kInteger, end - at_);
    const char* first = token.spelling.data();
    const char* last = first + token.spelling.size();
    const auto parsed = decimal ? std::from_chars(first, last, token.decimal)
                                : std::from_chars(first, last, token.integer);
    if (parsed.ec != std::errc{}) return at_offset(text_, start, "the number is too large");
    return {};
  }

  Status take_string(char quote) {
    std::string value;
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] == quote) {
        add(TokenKind::kString, i + 1 - at_).value = std::move(value);
        return {};
      }
      if (text_[i] == '\\') {
        ++i;
        const bool known = i < text_.size() && (text_[i] == '\\' || text_[i] == '"' || text_[i] == '\'');
        if (!known) return at_offset(text_, i - 1, "this escape has no meaning", R"(write \\, \" or \')");
      }
      value += text_[i];
    }
    return at_offset(text_, at_, "the string has no end", fmt::format("close it with {}", quote));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

Error at_offset(std::string_view text, std::size_t offset, std::string message, std::string fix) {
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  const std::string_view in_line = newline == std::string_view::npos ? before : before.substr(newline + 1);
  // Columns count characters, as editors do.
  const auto column = 1 + std::count_if(in_line.begin(), in_line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  });
  const std::string told = line == 1 ? fmt::format("column {}: {}", column, message)
                                     : fmt::format("line {}, column {}: {}", line, column, message);
  return {ErrorKind::kInvalid, "expression.invalid", told, fix,
          {{"", "expression", told, fix, static_cast<int>(line), static_cast<int>(column)}}};
}

Result<std::vector<Token>> tokenize(std::string_view text) {
  if (!is_valid_utf8(text)) return at_offset(text, 0, "the text is not UTF-8");
  return Lexer(text).run();
}

}  // namespace sluice::governance::domain::expression
