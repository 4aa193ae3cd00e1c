#include "platform/text/numbers.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>

namespace sluice::text {
namespace {

// More digits than any double has.
constexpr std::size_t kMaxDigits = 770;
// Enough to tell any two doubles apart.
constexpr std::size_t kDoubleDigits = 17;
// 2^53: from here on doubles skip whole numbers.
constexpr double kFirstGap = 9'007'199'254'740'992.0;

// "-012.3400e5" → "1234": what two spellings of one number have in common.
std::string significant_digits(std::string_view spelling) {
  std::string digits;
  for (const char c : spelling.substr(0, spelling.find_first_of("eE"))) {
    if (c >= '0' && c <= '9' && !(digits.empty() && c == '0')) digits.push_back(c);
  }
  digits.erase(digits.find_last_not_of('0') + 1);  // npos + 1 is 0
  return digits;
}

}  // namespace

std::optional<std::int64_t> exact_integer(std::string_view digits, int base, bool negative) {
  const std::string text = (negative ? "-" : "") + std::string(digits);
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> exact_float(std::string_view spelling) {
  if (spelling.starts_with('+')) spelling.remove_prefix(1);
  double value = 0;
  const auto [end, failed] = std::from_chars(spelling.data(), spelling.data() + spelling.size(), value);
  if (failed != std::errc{} || end != spelling.data() + spelling.size()) return std::nullopt;
  if (!std::isfinite(value)) return std::nullopt;

  const std::string given = significant_digits(spelling);
  if (given.size() > kMaxDigits) return std::nullopt;
  if (given.empty()) return value;  // zero
  std::array<char, kMaxDigits + 16> buffer{};
  const auto printed = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                     std::chars_format::scientific, static_cast<int>(given.size()) - 1);
  const std::string_view held(buffer.data(), static_cast<std::size_t>(printed.ptr - buffer.data()));
  if (significant_digits(held) == given) return value;
  // Other programs print up to 17 digits that lead back to the same double without being its nearest
  // decimal. A whole number written out, though, is meant to the last digit.
  const bool written_out = spelling.find_first_of("eE") == std::string_view::npos;
  if (given.size() > kDoubleDigits || (written_out && std::abs(value) >= kFirstGap)) {
    return std::nullopt;
  }
  return value;
}

}  // namespace sluice::text
