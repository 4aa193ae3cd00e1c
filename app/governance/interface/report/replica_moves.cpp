#include "governance/interface/report/replica_moves.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "governance/interface/report/members.h"

namespace sluice::governance::interface {
namespace {

constexpr std::size_t kMostShown = 20;

// "1.5 GiB"; exact below one KiB.
std::string size_text(std::int64_t bytes) {
  constexpr std::array<const char*, 5> kUnits{"KiB", "MiB", "GiB", "TiB", "PiB"};
  if (bytes < 1024) return fmt::format("{} bytes", bytes);
  double size = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (size >= 1024 && unit + 1 < kUnits.size()) {
    size /= 1024;
    ++unit;
  }
  return fmt::format("{:.1f} {}", size, kUnits.at(unit));
}

std::string brokers(const Json& move, std::string_view side) {
  std::vector<std::int64_t> ids;
  for (const Json& id : list_of(move, side)) {
    if (id.is_number_integer()) ids.push_back(id.get<std::int64_t>());
  }
  return fmt::format("{}", fmt::join(ids, ","));
}

std::string assignment_text(const Json& assignment) {
  std::string text;
  for (std::size_t i = 0; i < assignment.size() && i < kMostShown; ++i) {
    text += fmt::format("{}{}: {} → {}", text.empty() ? "" : "; ", number_of(assignment[i], "partition").value_or(0),
                        brokers(assignment[i], "from"), brokers(assignment[i], "to"));
  }
  if (assignment.size() > kMostShown) text += fmt::format("; and {} more", assignment.size() - kMostShown);
  return text;
}

std::string moves_text(const Json& moves) {
  const auto bytes = number_of(moves, "bytes");
  const auto throttle = number_of(moves, "throttleBytesPerSecond").value_or(0);
  return fmt::format("{} to copy, at most {}/s for each broker",
                     bytes ? size_text(*bytes) : std::string("an unknown number of bytes"), size_text(throttle));
}

}  // namespace

std::vector<ReportField> move_fields(const Json& item) {
  const Json& assignment = list_of(item, "assignment");
  if (assignment.empty()) return {};
  std::vector<ReportField> fields{{"replicas by partition", assignment_text(assignment)}};
  if (const auto moves = item.find("moves"); moves != item.end()) fields.push_back({"replica moves", moves_text(*moves)});
  return fields;
}

}  // namespace sluice::governance::interface
