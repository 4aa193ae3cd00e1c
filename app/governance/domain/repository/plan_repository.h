// Where dry-runs are kept: every one, as it was answered, under its change and a revision that counts
// up from 1. Thread-safe; calls may block up to the store's own deadline.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "governance/domain/topic/names.h"
#include "platform/core/actor.h"
#include "platform/core/clock.h"
#include "platform/core/result.h"

namespace sluice::governance::domain {

inline constexpr std::string_view kTopicsPlan = "topics";

// What is told about a plan that is ready to be approved.
struct PlanNews {
  std::string issue;    // Jira's key; may be empty
  std::string summary;  // "3 creates, 1 alter"
};

struct NewPlan {
  ChangeId change_id;
  EnvironmentName environment;
  Actor requester;
  std::string digest;    // SHA-256 of the canonical document
  std::string document;  // JSON text
  TimePoint created_at;

  // What an approval binds besides.
  std::string kind{kTopicsPlan};
  std::string cluster_id = {};
  std::string policy_version = {};
  std::string policy_digest = {};
  std::string live_fingerprint = {};
  std::string batch = {};  // what was asked for, as canonical JSON
  std::string batch_digest = {};
  std::int64_t required_approvals = 1;
  std::optional<PlanNews> news = {};  // none where there is nothing to approve
  bool changes_nothing = false;       // all is as the batch wants it already
};

struct StoredPlan : NewPlan {
  std::int64_t revision = 0;
};

class PlanRepository {
 public:
  virtual ~PlanRepository() = default;

  // The revision that the plan got. Concurrent dry-runs of one change get different ones. The change
  // becomes PLANNED; or stays APPROVED when this revision has the approved digest and its approvals
  // still count; or stays APPLIED, at the revision that was, when all of that batch is still as it wants.
  // change.in-progress (kConflict) while it is being applied.
  virtual Result<std::int64_t> append(const NewPlan& plan) = 0;
  // The newest revision, or the one asked for; empty when there is none.
  virtual Result<std::optional<StoredPlan>> find(const ChangeId& change,
                                                 std::optional<std::int64_t> revision) = 0;
  // How many were dropped. Whole changes only: one whose newest revision is younger stays complete.
  virtual Result<std::int64_t> drop_older_than(TimePoint limit) = 0;
};

}  // namespace sluice::governance::domain
