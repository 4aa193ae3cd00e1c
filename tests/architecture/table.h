// The committed table of what may depend on what (dependencies.txt), parsed. It is data, so that
// changing a rule shows up as a change of that file in the review.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::architecture {

// A token sequence or a header, the places that may use it, and what everybody else uses instead.
struct Restriction {
  std::string what;
  std::vector<std::string> places;  // path prefixes from the root, "tests", or "*" for everywhere
  std::string instead;
};

struct Table {
  // Layer → the layers it may include; "@" stands for the module's own name in both, "*" for all.
  std::map<std::string, std::vector<std::string>, std::less<>> layers;
  std::vector<Restriction> headers;  // third-party; the longest match counts
  std::vector<Restriction> tokens;
};

// Throws std::runtime_error with the line when the table is malformed.
Table parse_table(std::string_view text);
Table load_table(const std::filesystem::path& file);

// "app/governance/domain/repository/x.h" → "governance/domain"; "app/platform/core/x.h" →
// "platform/core"; "app/sluice/main.cpp" → "sluice"; "app/db/…" → "db"; none outside a layer.
std::optional<std::string> layer_of(std::string_view path);
// Whether `from` may include `to`; a layer always may include itself.
bool may_include(const Table& table, std::string_view from, std::string_view to);
// Whether the table has a row for this layer.
bool is_known_layer(const Table& table, std::string_view layer);
bool is_allowed_place(const Restriction& restriction, std::string_view path);

}  // namespace sluice::architecture
