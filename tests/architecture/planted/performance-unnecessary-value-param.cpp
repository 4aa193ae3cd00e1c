// Planted for clang-tidy.
#include <string>

std::size_t length_of(const std::string text) { return text.size(); }
