// What people and their tools are told about changes. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/core/actor.h"
#include "platform/core/json.h"

namespace sluice::notify::contract {

enum class Event : std::uint8_t { kPlanReady, kApproved, kRejected, kApplied, kFailed, kDrift };
std::string_view to_string(Event event);  // "plan.ready", "change.approved", …

struct Notification {
  Event event = Event::kPlanReady;
  std::string environment;
  std::string change_id;
  std::string issue;  // a Jira key that the change's metadata names; empty: look into change_id
  Actor actor;
  std::string summary;  // one line: "3 creates, 1 alter, 1 delete; 1 warning"
  Json facts;           // an object: digest, revision, violations, …; what a webhook gets
};

}  // namespace sluice::notify::contract
