#include "notify/contract/issue_key.h"

namespace sluice::notify::contract {
namespace {

constexpr std::size_t kLongestProject = 20;
constexpr std::size_t kLongestNumber = 10;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_upper(c) || is_digit(c) || (c >= 'a' && c <= 'z'); }

template <typename Test>
std::size_t run_from(std::string_view text, std::size_t begin, Test test) {
  std::size_t end = begin;
  while (end < text.size() && test(text[end])) ++end;
  return end - begin;
}

// The length of the key that starts here; 0 when none does.
std::size_t key_length(std::string_view text) {
  if (text.empty() || !is_upper(text.front())) return 0;
  const std::size_t project = run_from(text, 0, [](char c) { return is_upper(c) || is_digit(c); });
  if (project < 2 || project > kLongestProject || project >= text.size() || text[project] != '-') return 0;
  const std::size_t number = run_from(text, project + 1, is_digit);
  if (number == 0 || number > kLongestNumber || text[project + 1] == '0') return 0;
  const std::size_t whole = project + 1 + number;
  return whole < text.size() && is_word(text[whole]) ? 0 : whole;
}

}  // namespace

std::string issue_key_in(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && is_word(text[i - 1])) continue;
    if (const std::size_t length = key_length(text.substr(i)); length > 0) return std::string(text.substr(i, length));
  }
  return "";
}

bool is_issue_key(std::string_view text) { return !text.empty() && issue_key_in(text) == text; }

}  // namespace sluice::notify::contract
