#include "notify/domain/target.h"

#include <algorithm>

#include "platform/core/text.h"

namespace sluice::notify::domain {

std::string_view to_string(TargetKind kind) {
  switch (kind) {
    case TargetKind::kSlack: return "slack";
    case TargetKind::kJira: return "jira";
    case TargetKind::kWebhook: return "webhook";
  }
  return "";
}

std::string_view to_string(Part part) {
  switch (part) {
    case Part::kMessage: return "message";
    case Part::kTransition: return "transition";
  }
  return "";
}

bool Target::wants(const Message& message) const {
  const bool event = events.empty() || std::find(events.begin(), events.end(), message.event) != events.end();
  const bool environment =
      environments.empty() || std::any_of(environments.begin(), environments.end(), [&](const std::string& pattern) {
        return matches_glob(pattern, message.environment);
      });
  return event && environment;
}

std::vector<Part> parts_for(const Target& target, const Message& message) {
  if (!target.wants(message)) return {};
  if (target.kind != TargetKind::kJira) return {Part::kMessage};
  if (message.issue.empty()) return {};
  if (target.transitions.contains(message.event)) return {Part::kMessage, Part::kTransition};
  return {Part::kMessage};
}

}  // namespace sluice::notify::domain
