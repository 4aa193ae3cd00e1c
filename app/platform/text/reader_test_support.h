// What the reader tests of both formats share.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

namespace sluice::text {

struct Refused {
  const char* name;
  std::string text;
  const char* rule;
  int line;
  int column;
  std::string field = {};
};
inline void PrintTo(const Refused& row, std::ostream* out) { *out << row.name; }

inline std::string repeated(std::string_view part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

}  // namespace sluice::text
