#include "architecture/source.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

namespace sluice::architecture {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

void blank(std::string& code, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < std::min(to, code.size()); ++i) {
    if (code[i] != '\n') code[i] = ' ';
  }
}

// One past the closing quote of the plain literal that opens at `open`.
std::size_t end_of_literal(std::string_view text, std::size_t open) {
  std::size_t i = open + 1;
  while (i < text.size() && text[i] != text[open] && text[i] != '\n') i += text[i] == '\\' ? 2 : 1;
  return std::min(i + 1, text.size());
}

// One past R"tag( … )tag", whose quote is at `open`.
std::size_t end_of_raw_literal(std::string_view text, std::size_t open) {
  const auto parenthesis = text.find('(', open);
  if (parenthesis == std::string_view::npos) return text.size();
  const auto closing = ")" + std::string(text.substr(open + 1, parenthesis - open - 1)) + "\"";
  const auto end = text.find(closing, parenthesis);
  return end == std::string_view::npos ? text.size() : end + closing.size();
}

// A quote between digits separates them: 1'000'000.
bool is_digit_separator(std::string_view text, std::size_t i) {
  return i > 0 && is_word(text[i - 1]) && i + 1 < text.size() && is_word(text[i + 1]) &&
         std::isxdigit(static_cast<unsigned char>(text[i - 1])) != 0;
}

std::string without_comments_and_literals(std::string_view text) {
  std::string code(text);
  std::size_t i = 0;
  while (i < text.size()) {
    const auto two = text.substr(i, 2);
    if (two == "//") {
      const auto end = std::min(text.find('\n', i), text.size());
      blank(code, i, end);
      i = end;
    } else if (two == "/*") {
      const auto close = text.find("*/", i + 2);
      const auto end = close == std::string_view::npos ? text.size() : close + 2;
      blank(code, i, end);
      i = end;
    } else if (text[i] == '"' && i > 0 && text[i - 1] == 'R') {
      const auto end = end_of_raw_literal(text, i);
      blank(code, i + 1, end - 1);
      i = end;
    } else if (text[i] == '"' || (text[i] == '\'' && !is_digit_separator(text, i))) {
      const auto end = end_of_literal(text, i);
      blank(code, i + 1, end - 1);
      i = end;
    } else {
      ++i;
    }
  }
  return code;
}

// `line` starts with '#'.
std::optional<Include> include_in(std::string_view line, int number) {
  const auto skip_spaces = [&line] {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  };
  line.remove_prefix(1);
  skip_spaces();
  if (!line.starts_with("include")) return std::nullopt;
  line.remove_prefix(7);
  skip_spaces();
  if (line.empty() || (line[0] != '<' && line[0] != '"')) return std::nullopt;
  const auto end = line.find(line[0] == '<' ? '>' : '"', 1);
  if (end == std::string_view::npos) return std::nullopt;
  return Include{std::string(line.substr(1, end - 1)), line[0] == '<', number};
}

}  // namespace

Source make_source(std::string path, std::string text) {
  auto code = without_comments_and_literals(text);
  return {std::move(path), std::move(text), std::move(code)};
}

std::vector<Include> includes_of(const Source& source) {
  std::vector<Include> found;
  int number = 1;
  std::size_t start = 0;
  while (start < source.code.size()) {
    const auto end = std::min(source.code.find('\n', start), source.code.size());
    // The blanked text tells whether this is code, the original what the literal holds.
    const auto first = source.code.find_first_not_of(" \t", start);
    if (first < end && source.code[first] == '#') {
      const auto line = std::string_view(source.text).substr(first, end - first);
      if (auto include = include_in(line, number)) found.push_back(*std::move(include));
    }
    start = end + 1;
    ++number;
  }
  return found;
}

std::vector<Token> tokens_of(std::string_view code) {
  constexpr std::array<std::string_view, 2> kLong{"::", "..."};
  std::vector<Token> tokens;
  int line = 1;
  std::size_t i = 0;
  while (i < code.size()) {
    if (code[i] == '\n') ++line;
    if (std::isspace(static_cast<unsigned char>(code[i])) != 0) {
      ++i;
      continue;
    }
    std::size_t length = 1;
    if (is_word(code[i])) {
      while (i + length < code.size() && is_word(code[i + length])) ++length;
    } else {
      for (const auto candidate : kLong) {
        if (code.substr(i).starts_with(candidate)) length = candidate.size();
      }
    }
    tokens.push_back({code.substr(i, length), line});
    i += length;
  }
  return tokens;
}

bool is_header(const Source& source) { return source.path.ends_with(".h"); }

bool is_test(std::string_view path) {
  constexpr std::array<std::string_view, 2> kFolders{"tests/", "bench/"};
  constexpr std::array<std::string_view, 7> kEndings{
      "_test.cpp",     "_suite.h",    "_test_support.h", "_test_support.cpp",
      "_for_test.cpp", "_for_test.h", "pch_test.h"};
  return path.find("/testing/") != std::string_view::npos ||
         std::any_of(kFolders.begin(), kFolders.end(),
                     [path](std::string_view folder) { return path.starts_with(folder); }) ||
         std::any_of(kEndings.begin(), kEndings.end(),
                     [path](std::string_view ending) { return path.ends_with(ending); });
}

int line_count(std::string_view text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace sluice::architecture
