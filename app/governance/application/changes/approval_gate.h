// What stands between an approval and an apply: whether this change, as it is planned now, has been
// approved by enough people, with signatures that hold, for this cluster and these policies. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "governance/application/changes/approval_seal.h"
#include "governance/application/policy_store.h"
#include "governance/domain/change/approval_claims.h"
#include "governance/domain/repository/change_repository.h"
#include "governance/domain/repository/plan_repository.h"
#include "platform/core/clock.h"

namespace sluice::governance::application {

struct ApprovedChange {
  domain::StoredPlan plan;  // the revision that was approved
  std::string approval_id;  // keys the execution: an approval starts one
  std::vector<Actor> approvers;
  TimePoint expires_at;
  // Its execution has begun: it may be replayed, and resumed when it is `current`, even expired.
  bool execution_started = false;
  // No revision with another content has been planned since, and nobody rejected or cancelled it.
  bool current = true;
};

class ApprovalGate {
 public:
  // Everything must outlive the gate.
  ApprovalGate(domain::ChangeRepository& changes, domain::PlanRepository& plans, const PolicyStore& policies,
               const ApprovalSeal& seal, const Clock& clock)
      : changes_(changes), plans_(plans), policies_(policies), seal_(seal), clock_(clock) {}

  // kConflict unless it may be applied: approval.invalid, approval.incomplete, approval.superseded,
  // approval.expired, change.not-approved, apply.policy-changed; kUnavailable keys.missing.
  Result<ApprovedChange> by_token(std::string_view token, Deadline deadline);
  // From the recorded signatures; besides change.not-found.
  Result<ApprovedChange> by_change(const domain::ChangeId& change, Deadline deadline);
  // Where a change belongs; nothing for one that is not there.
  Result<std::optional<domain::EnvironmentName>> environment_of(const domain::ChangeId& change, Deadline deadline);

 private:
  Result<domain::ApprovalClaims> open(std::string_view statement) const;
  Result<ApprovedChange> check(const domain::ApprovalClaims& claims, const domain::ChangeFile& file,
                               Deadline deadline);
  Result<domain::StoredPlan> bound_plan(const domain::ApprovalClaims& claims);
  Status check_quorum(const domain::ApprovalClaims& claims, const domain::ChangeFile& file,
                      const domain::StoredPlan& plan) const;

  domain::ChangeRepository& changes_;
  domain::PlanRepository& plans_;
  const PolicyStore& policies_;
  const ApprovalSeal& seal_;
  const Clock& clock_;
};

}  // namespace sluice::governance::application
