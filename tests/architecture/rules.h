// The second ring: what the compiler cannot see. Every rule is a function from sources to findings,
// tested on planted fixtures before it is run on the real tree.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "architecture/source.h"
#include "architecture/table.h"

namespace sluice::architecture {

struct Finding {
  std::string file;
  int line = 0;
  std::string rule;
  std::string message;  // what is wrong, and what to do instead
};

std::string to_string(const Finding& finding);  // "file:line: [rule] message"

constexpr int kMaxFileLines = 400;

// Everything that one file can break: layer, third-party, relative-include, pragma-once, token,
// file-size, todo.
std::vector<Finding> check_source(const Table& table, const Source& source);
// Files that include each other, directly or through others. One finding per cycle.
std::vector<Finding> check_cycles(const std::vector<Source>& sources);
// The links that a CMakeLists.txt declares by sluice_layer(… DEPENDS …) against the same table.
std::vector<Finding> check_links(const Table& table, std::string_view path, std::string_view cmake);
// The table itself: no two layers may reach each other.
std::vector<Finding> check_table(const Table& table);
// Any text file: nothing names a place of one machine or the host of a package registry.
std::vector<Finding> check_portable(std::string_view path, std::string_view text);

}  // namespace sluice::architecture
