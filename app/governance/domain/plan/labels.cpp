// The public words of the domain's enumerations.
#include "governance/domain/plan/plan.h"
#include "governance/domain/policy/mode.h"

namespace sluice::governance::domain {

std::string_view to_string(ItemAction action) {
  switch (action) {
    case ItemAction::kUpsert: return "upsert";
    case ItemAction::kCreate: return "create";
    case ItemAction::kUpdate: return "update";
    case ItemAction::kDelete: return "delete";
  }
  return "";
}

std::string_view to_string(ValueSource source) {
  switch (source) {
    case ValueSource::kTopic: return "topic";
    case ValueSource::kBroker: return "broker";
    case ValueSource::kPolicyDefault: return "policy default";
  }
  return "";
}

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::kObserve: return "observe";
    case Severity::kWarn: return "warn";
    case Severity::kBlock: return "block";
  }
  return "";
}

std::optional<Severity> parse_severity(std::string_view text) {
  for (const auto severity : {Severity::kObserve, Severity::kWarn, Severity::kBlock}) {
    if (to_string(severity) == text) return severity;
  }
  return std::nullopt;
}

std::string_view to_string(PlannedAction action) {
  switch (action) {
    case PlannedAction::kNone: return "NONE";
    case PlannedAction::kCreate: return "CREATE";
    case PlannedAction::kAlter: return "ALTER";
    case PlannedAction::kDelete: return "DELETE";
  }
  return "";
}

std::string_view to_string(Mode mode) {
  switch (mode) {
    case Mode::kReadOnly: return "read-only";
    case Mode::kDryRun: return "dry-run";
    case Mode::kApply: return "apply";
  }
  return "";
}

}  // namespace sluice::governance::domain
