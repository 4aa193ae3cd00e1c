// From the text of an expression to its tokens. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"

namespace sluice::governance::domain::expression {

enum class TokenKind : std::uint8_t { kName, kString, kInteger, kDecimal, kSymbol, kEnd };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view spelling;  // within the text; a string with its quotes
  std::string value;          // a string's, without quotes and escapes
  std::size_t offset = 0;
  std::int64_t integer = 0;
  double decimal = 0;
};

// The last one is kEnd.
Result<std::vector<Token>> tokenize(std::string_view text);

// One problem at a byte of the text, told with line and column.
Error at_offset(std::string_view text, std::size_t offset, std::string message, std::string fix = "");

}  // namespace sluice::governance::domain::expression
