// Planted for clang-tidy.
#include <string>
#include <utility>

std::string keep(std::string text);

std::size_t length_after_move(std::string text) {
  const std::string kept = keep(std::move(text));
  return kept.size() + text.size();
}
