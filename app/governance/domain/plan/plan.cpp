#include "governance/domain/plan/plan.h"

#include <algorithm>

#include <fmt/format.h>

namespace sluice::governance::domain {
namespace {

std::string described(const std::optional<std::string>& value, ValueSource source) {
  switch (source) {
    case ValueSource::kTopic: return value.value_or("");
    case ValueSource::kPolicyDefault: return fmt::format("{} (policy default)", value.value_or(""));
    case ValueSource::kBroker:
      return value ? fmt::format("(broker default {})", *value) : "(broker default)";
  }
  return "";
}

}  // namespace

std::string short_form(const FieldDiff& diff) {
  const auto new_source = diff.new_source.value_or(ValueSource::kBroker);
  auto after = described(diff.new_value, new_source);
  if (!diff.old_value) return after;
  const auto old_source = diff.old_source.value_or(ValueSource::kTopic);
  const bool plain = old_source == ValueSource::kTopic && new_source == ValueSource::kTopic;
  return fmt::format("{}{}{}", described(diff.old_value, old_source), plain ? "→" : " → ", after);
}

const FieldDiff* PlannedItem::diff_of(std::string_view field) const {
  const auto found = std::find_if(diffs.begin(), diffs.end(),
                                  [&](const FieldDiff& diff) { return diff.field == field; });
  return found == diffs.end() ? nullptr : &*found;
}

bool Plan::has_changes() const {
  return std::any_of(items.begin(), items.end(),
                     [](const PlannedItem& item) { return item.action != PlannedAction::kNone; });
}

bool Plan::is_blocked() const {
  return std::any_of(violations.begin(), violations.end(), [](const Violation& violation) {
    return violation.severity == Severity::kBlock;
  });
}

}  // namespace sluice::governance::domain
