// Reads one map of a document strictly into typed values, collecting every wrong field as a Problem
// (rule ids: type, required, unknown-field, empty, too-long, too-short, range, pattern, choice,
// too-many, too-few). Nothing is coerced: a quoted "12" is not a number. Strings are trimmed and may
// not be empty. Not thread-safe; lives on the stack of one parsing function.
//
//   MapReader reader(node, "items[3]", problems);
//   auto name = reader.required_string("name", {.max = 249});
//   reader.finish();               // reports the fields nobody asked for, with the nearest known one
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/error.h"
#include "platform/text/node.h"

namespace sluice::text {

struct StringRule {
  std::size_t min = 1;
  std::size_t max = 1000;                               // bytes after trimming
  std::function<bool(std::string_view)> matches = {};   // after trimming; empty = anything
  std::string expected = {};                            // in words, for the message when it does not match
};

struct IntegerRule {
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

struct ListRule {
  std::size_t min = 0;
  std::size_t max = 1000;
};

class MapReader {
 public:
  // `path` is "" for the document's root. A node that is no map is one "type" problem; every read
  // then answers "absent" without further problems.
  MapReader(const Node& node, std::string path, std::vector<Problem>& problems);

  [[nodiscard]] bool is_map() const { return node_ != nullptr; }
  // Asking for a field makes it known. An explicit null counts as absent, except to find().
  const Node* find(std::string_view name);
  const Node* required(std::string_view name);

  std::optional<std::string> string(std::string_view name, const StringRule& rule = {});
  std::string required_string(std::string_view name, const StringRule& rule = {});
  std::optional<std::int64_t> integer(std::string_view name, const IntegerRule& rule = {});
  std::optional<double> number(std::string_view name, double min, double max);
  std::optional<bool> boolean(std::string_view name);
  // The index of the value among `choices`.
  std::optional<std::size_t> choice(std::string_view name, std::span<const std::string_view> choices);
  std::optional<std::size_t> required_choice(std::string_view name,
                                             std::span<const std::string_view> choices);
  // Calls `each` with every item and its path ("items[0]"). Absent is an empty list.
  void list(std::string_view name, const ListRule& rule,
            const std::function<void(const Node&, const std::string& path)>& each);
  std::vector<std::string> strings(std::string_view name, const ListRule& list_rule,
                                   const StringRule& item_rule = {});
  // Calls `each` with every key, value and its path ("config.retention.ms").
  void map(std::string_view name, const ListRule& rule,
           const std::function<void(const std::string& key, const Node&, const std::string& path)>& each);

  [[nodiscard]] std::string path_of(std::string_view name) const;
  void add(const Node& at, std::string path, std::string rule, std::string message, std::string fix = "");
  void finish();

 private:
  const Node* node_;
  Mark mark_;
  std::string path_;
  std::vector<Problem>& problems_;
  std::vector<std::string> known_;
};

}  // namespace sluice::text
