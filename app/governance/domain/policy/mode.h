// How far changes may go, by environment and name: a roll-out starts with looking on (G27).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "governance/domain/policy/rule_scope.h"
#include "platform/core/clock.h"

namespace sluice::governance::domain {

enum class Mode : std::uint8_t {
  kReadOnly,  // look only: nothing that could change the cluster is sent
  kDryRun,    // plan, approve, and stop there
  kApply,
};
std::string_view to_string(Mode mode);  // "read-only", "dry-run", "apply"

struct ModeEntry {
  Mode mode = Mode::kApply;
  RuleScope scope;  // environments and topics
  std::optional<TimePoint> from;
};

}  // namespace sluice::governance::domain
