#include "platform/text/node.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/text/checks.h"

namespace sluice::text {

const Node* Node::find(std::string_view key) const {
  const auto entry = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& candidate) { return candidate.key == key; });
  return entry == entries.end() ? nullptr : &entry->value;
}

std::string Node::describe() const {
  switch (kind) {
    case Kind::kNull: return "null";
    case Kind::kBool: return boolean ? "true" : "false";
    case Kind::kInteger:
    case Kind::kFloat: return fmt::format("the number {}", excerpt(spelling));
    case Kind::kString: return fmt::format("the string \"{}\"", excerpt(spelling));
    case Kind::kList: return "a list";
    case Kind::kMap: return "a map";
  }
  return "nothing";
}

}  // namespace sluice::text
