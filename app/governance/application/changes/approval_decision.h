// What one more approval makes of a change: whether it counts, how many are missing after it, and what
// it states. Pure.
#pragma once

#include <string>

#include "governance/domain/change/approval_claims.h"
#include "governance/domain/change/change.h"
#include "governance/domain/repository/plan_repository.h"
#include "platform/core/json.h"
#include "platform/core/result.h"

namespace sluice::governance::application {

struct Quorum {
  std::int64_t remaining = 0;
  TimePoint expires_at;  // of the earliest that counts
  domain::ApprovalClaims claims;
  // This person has approved it already: nothing is to be written. Point into the file.
  const domain::StoredApproval* given_before = nullptr;
  const domain::StoredApproval* completing = nullptr;  // the last that counts
};

// `file`'s change is at `plan`'s revision. change.state, approval.expired (kConflict),
// approval.same-person (kForbidden).
Result<Quorum> join_quorum(const domain::ChangeFile& file, const domain::StoredPlan& plan,
                           const domain::StoredApproval& approval, TimePoint now);

// "3 creates, 1 alter, 1 delete; 1 warning"; of a change of the policies: which, and where they hold.
std::string plan_summary(const Json& document);
// None where there is nothing to apply, or something that keeps it from being approved.
std::optional<domain::PlanNews> plan_news(const Json& document);

}  // namespace sluice::governance::application
