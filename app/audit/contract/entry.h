// What the audit trail records: who did or wanted what, to what, with which outcome. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/core/actor.h"
#include "platform/core/json.h"

namespace sluice::audit::contract {

// Each environment has a chain of its own; what concerns none (tokens, logins) is in this one.
inline constexpr std::string_view kNoEnvironment = "-";

enum class Outcome : std::uint8_t {
  kDone,
  kRefused,  // a rule, a role or a stale plan forbade it; nothing was changed
  kFailed,   // tried, and known not to have happened
  kUnknown,  // tried, and nobody knows
};

std::string_view to_string(Outcome outcome);  // "done", "refused", "failed", "unknown"

struct Entry {
  std::string environment{kNoEnvironment};
  std::string action;     // "change.approve", "topic.create", "policy.update", "token.issue", …
  std::string target;     // what kind of thing: "topic", "change", "policy", "token", "login"
  std::string name;       // which one
  std::string change_id;  // empty: none
  Actor actor;
  std::string request_id;  // empty: not asked for over HTTP
  Json before;             // null: nothing was there, or it is not told
  Json after;
  Outcome outcome = Outcome::kDone;
  std::string detail;  // a comment or reason, or the error's code and message
};

}  // namespace sluice::audit::contract
