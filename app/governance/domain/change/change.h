// A change as it is kept: where it stands, who asked for it, who decided what. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "governance/domain/change/change_state.h"
#include "governance/domain/topic/names.h"
#include "platform/core/actor.h"
#include "platform/core/clock.h"

namespace sluice::governance::domain {

struct StoredChange {
  ChangeId change_id;
  std::string kind;             // of its newest revision, as the rest
  EnvironmentName environment;
  ChangeState state = ChangeState::kPlanned;
  std::int64_t revision = 0;
  std::string digest;
  std::string requester;
  std::int64_t spent_revision = 0;  // decisions up to it count no more: applied, rejected or cancelled
  TimePoint created_at;
  TimePoint updated_at;
};

enum class Decision : std::uint8_t { kApprove, kReject };
std::string_view to_string(Decision decision);  // "approve", "reject"

struct StoredApproval {
  std::string id;
  std::int64_t revision = 0;
  std::string digest;
  Actor approver;  // persons in lower case
  Decision decision = Decision::kApprove;
  std::string comment;
  std::string statement;  // what was signed, with its signature; empty for a rejection
  TimePoint created_at;
  TimePoint expires_at;
};

// What a decision about a change has to know.
struct ChangeFile {
  StoredChange change;
  std::vector<Actor> requesters;          // of all its revisions
  std::vector<StoredApproval> approvals;  // of all its revisions, the oldest first
};

}  // namespace sluice::governance::domain
