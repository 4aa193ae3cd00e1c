// What is told, as it is kept until it has been told. Plain data.
#pragma once

#include <string>

#include "platform/core/clock.h"
#include "platform/core/json.h"
#include "platform/core/result.h"

namespace sluice::notify::domain {

struct Message {
  std::string event;  // "plan.ready", …, "test"
  std::string environment;
  std::string change_id;
  std::string issue;  // a Jira key; empty = none
  std::string actor;
  std::string owner;
  std::string summary;
  Json facts = Json::object();
  TimePoint at;
};

inline constexpr const char* kTestEvent = "test";

// "plan.ready" → "Plan ready"; another event by its own name.
std::string title_of(const Message& message);

}  // namespace sluice::notify::domain
