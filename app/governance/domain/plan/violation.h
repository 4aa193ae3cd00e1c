// A rule that a planned topic does not meet. Data, never an error: a dry-run reports it with 200.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "governance/domain/topic/names.h"

namespace sluice::governance::domain {

// Only kBlock refuses an apply. kObserve is for rules on trial: reported, counted, no warning.
enum class Severity : std::uint8_t { kObserve, kWarn, kBlock };
std::string_view to_string(Severity severity);  // "observe", "warn", "block"
std::optional<Severity> parse_severity(std::string_view text);

struct Violation {
  TopicName name;
  std::string rule;
  std::string message;
  Severity severity = Severity::kBlock;
  std::string field;  // "name", "partitions", "replicationFactor", or a config key
  std::string fix;

  bool operator==(const Violation&) const = default;
};

}  // namespace sluice::governance::domain
