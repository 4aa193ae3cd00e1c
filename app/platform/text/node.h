// What a YAML or JSON document says, with the place of every value in its text. Immutable once
// parsed; the two parsers (yaml.h, json.h) are the only makers. Depth is bounded by Limits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::text {

struct Mark {
  int line = 0;  // 1-based
  int column = 0;
};

struct Limits {
  std::size_t bytes = 1024 * 1024;
  int depth = 64;
  std::size_t nodes = 250'000;  // values in all: a node costs some 140 bytes, `1,` only two
};

class Node {
 public:
  enum class Kind : std::uint8_t { kNull, kBool, kInteger, kFloat, kString, kList, kMap };
  struct Entry;

  Kind kind = Kind::kNull;
  Mark mark;
  // Scalars: the characters as the document spells them ("7d", "0x10", "true", "604800000"), without
  // quotes and with escapes resolved. Topic configs take any scalar by its spelling.
  std::string spelling;
  bool boolean = false;       // kBool
  std::int64_t integer = 0;   // kInteger (a whole number outside int64 is refused by the parsers)
  double number = 0;          // kFloat
  std::vector<Node> items;    // kList
  std::vector<Entry> entries; // kMap, in document order; keys are unique

  [[nodiscard]] bool is_scalar() const { return kind != Kind::kList && kind != Kind::kMap; }
  [[nodiscard]] const Node* find(std::string_view key) const;  // kMap; null when absent
  // "a list", "the string \"abc\"", "the number 12": for error messages.
  [[nodiscard]] std::string describe() const;
};

struct Node::Entry {
  std::string key;
  Mark mark;
  Node value;
};

}  // namespace sluice::text
