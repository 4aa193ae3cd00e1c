// Which records somebody asks for. Plain data; an empty text asks for all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/domain/record.h"

namespace sluice::audit::domain {

struct RecordFilter {
  std::string environment;
  std::string target;
  std::string name;
  std::string actor;
  std::string change_id;
  std::string outcome;
  std::string action;
  std::optional<TimePoint> from;  // inclusive
  std::optional<TimePoint> to;    // exclusive
};

enum class RecordOrder : std::uint8_t {
  kNewest,  // by time, the newest first
  kChain,   // by environment, then as they follow on from each other: what can be verified
};

// A place in either order: the page after this record.
struct RecordPlace {
  TimePoint at;
  std::string environment;
  std::int64_t seq = 0;

  bool operator==(const RecordPlace&) const = default;
};

inline RecordPlace place_of(const Record& record) { return {record.at, record.environment, record.seq}; }

}  // namespace sluice::audit::domain
