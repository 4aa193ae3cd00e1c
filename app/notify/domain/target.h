// Who wants to be told what. Plain data; addresses and secrets are the sender's business.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "notify/domain/message.h"

namespace sluice::notify::domain {

enum class TargetKind : std::uint8_t { kSlack, kJira, kWebhook };
std::string_view to_string(TargetKind kind);  // "slack", "jira", "webhook"

struct Target {
  std::string name;
  TargetKind kind = TargetKind::kSlack;
  std::vector<std::string> events;        // empty = all
  std::vector<std::string> environments;  // patterns with '*'; empty = all
  std::map<std::string, std::string> transitions;  // Jira: event → the transition's name

  [[nodiscard]] bool wants(const Message& message) const;
};

// A delivery does one thing, so that trying it again repeats nothing that has been done.
enum class Part : std::uint8_t { kMessage, kTransition };
std::string_view to_string(Part part);  // "message", "transition"

// What the target is to get for this message; nothing when it does not want it.
std::vector<Part> parts_for(const Target& target, const Message& message);

}  // namespace sluice::notify::domain
