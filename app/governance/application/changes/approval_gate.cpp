#include "governance/application/changes/approval_gate.h"

#include <algorithm>

#include "governance/application/changes/change_errors.h"
#include "governance/domain/change/quorum.h"
#include "platform/core/sha256.h"

namespace sluice::governance::application {
namespace {

using domain::ApprovalClaims;
using domain::ChangeFile;
using domain::ChangeState;
using domain::StoredApproval;

// What was signed against what is kept: every member that can be compared is.
bool is_bound_to(const ApprovalClaims& claims, const domain::StoredPlan& plan) {
  return claims.revision == plan.revision && claims.digest == plan.digest && claims.kind == plan.kind &&
         claims.batch_digest == plan.batch_digest && claims.policy_version == plan.policy_version &&
         claims.policy_digest == plan.policy_digest && claims.live_fingerprint == plan.live_fingerprint &&
         claims.cluster_id == plan.cluster_id && claims.environment == plan.environment &&
         claims.requester == plan.requester;
}

// The digest that was signed is of this text, which is kept in its canonical form.
bool is_what_was_asked(const domain::StoredPlan& plan) { return sha256_hex(plan.batch) == plan.batch_digest; }

const StoredApproval* approval_of(const ChangeFile& file, const std::string& id) {
  const auto found = std::find_if(file.approvals.begin(), file.approvals.end(),
                                  [&](const StoredApproval& approval) { return approval.id == id; });
  return found == file.approvals.end() ? nullptr : &*found;
}

// A row whose signed statement says what the row says.
bool states(const ApprovalClaims& claims, const StoredApproval& row) {
  return claims.id == row.id && claims.digest == row.digest && claims.revision == row.revision &&
         claims.expires_at == row.expires_at && !claims.approvers.empty() && claims.approvers.back() == row.approver;
}

bool is_open(ChangeState state) { return state != ChangeState::kRejected && state != ChangeState::kCancelled; }

}  // namespace

Result<ApprovalClaims> ApprovalGate::open(std::string_view statement) const {
  const auto text = seal_.open(statement);
  if (!text && text.error().kind != ErrorKind::kUnauthenticated) return Error(text.error());
  if (!text) return errors::approval_invalid("its signature does not hold");
  auto claims = domain::read_claims(*text);
  if (!claims) return errors::approval_invalid("what is signed is no approval");
  return std::move(*claims);
}

Result<ApprovedChange> ApprovalGate::by_token(std::string_view token, Deadline deadline) {
  SLUICE_TRY(const ApprovalClaims claims, open(token));
  if (claims.remaining != 0) return errors::approval_incomplete(claims.remaining);
  SLUICE_TRY(const auto file, changes_.find(claims.change_id, deadline));
  if (!file) return errors::change_not_found(claims.change_id);
  const StoredApproval* row = approval_of(*file, claims.id);
  if (row == nullptr || row->statement != token) return errors::approval_invalid("it is not on record");
  return check(claims, *file, deadline);
}

// The approval that completed the quorum is the one whose statement leaves none to be given.
Result<ApprovedChange> ApprovalGate::by_change(const domain::ChangeId& change, Deadline deadline) {
  SLUICE_TRY(const auto file, changes_.find(change, deadline));
  if (!file) return errors::change_not_found(change);
  const ChangeState state = file->change.state;
  if (!is_open(state) || state == ChangeState::kPlanned) return errors::change_not_approved(file->change);
  SLUICE_TRY(const auto executed, changes_.executed_approvals(change, deadline));
  for (auto row = file->approvals.rbegin(); row != file->approvals.rend(); ++row) {
    const bool wanted = state == ChangeState::kApproved ? row->revision > file->change.spent_revision
                                                        : !executed.empty() && row->id == executed.front();
    if (!wanted || row->decision != domain::Decision::kApprove || row->digest != file->change.digest) continue;
    SLUICE_TRY(const ApprovalClaims claims, open(row->statement));
    if (claims.remaining == 0 && states(claims, *row)) return check(claims, *file, deadline);
  }
  return errors::change_not_approved(file->change);
}

Result<std::optional<domain::EnvironmentName>> ApprovalGate::environment_of(const domain::ChangeId& change,
                                                                            Deadline deadline) {
  SLUICE_TRY(const auto file, changes_.find(change, deadline));
  if (!file) return std::optional<domain::EnvironmentName>();
  return std::optional(file->change.environment);
}

Result<domain::StoredPlan> ApprovalGate::bound_plan(const ApprovalClaims& claims) {
  SLUICE_TRY(auto plan, plans_.find(claims.change_id, claims.revision));
  if (!plan || !is_bound_to(claims, *plan) || !is_what_was_asked(*plan)) return errors::approval_invalid("it is for another plan");
  return std::move(*plan);
}

Result<ApprovedChange> ApprovalGate::check(const ApprovalClaims& claims, const ChangeFile& file, Deadline deadline) {
  SLUICE_TRY(domain::StoredPlan plan, bound_plan(claims));
  SLUICE_TRY(const auto executed, changes_.executed_approvals(claims.change_id, deadline));
  ApprovedChange approved{std::move(plan), claims.id, claims.approvers, claims.expires_at, false, true};
  approved.execution_started = std::find(executed.begin(), executed.end(), claims.id) != executed.end();
  approved.current = file.change.digest == claims.digest && is_open(file.change.state);
  if (approved.execution_started) return approved;

  if (!approved.current || claims.revision <= file.change.spent_revision) {
    return errors::approval_superseded(file.change);
  }
  if (claims.expires_at <= clock_.now()) return errors::approval_expired(claims.change_id);
  if (file.change.state != ChangeState::kApproved) return errors::change_not_approved(file.change);
  SLUICE_TRY(const auto policies, policies_.in_force(deadline));
  if (policies->digest != claims.policy_digest) {
    return errors::approval_policy_changed(claims.policy_version, policies->version);
  }
  SLUICE_CHECK(check_quorum(claims, file, approved.plan));
  return approved;
}

// Counted anew from the rows, each by its own signature: a row that somebody wrote into the database
// counts for nothing.
Status ApprovalGate::check_quorum(const ApprovalClaims& claims, const ChangeFile& file,
                                  const domain::StoredPlan& plan) const {
  std::size_t signed_ones = 0;
  bool completing_counts = false;
  for (const StoredApproval* row : domain::counting_approvals(file, clock_.now())) {
    SLUICE_TRY(const ApprovalClaims statement, open(row->statement));
    if (statement.change_id != claims.change_id || !states(statement, *row)) {
      return errors::approval_invalid("an approval's record differs from what was signed");
    }
    ++signed_ones;
    completing_counts = completing_counts || row->id == claims.id;
  }
  const std::int64_t missing = domain::remaining(plan.required_approvals, signed_ones);
  if (missing > 0) return errors::approval_incomplete(missing);
  if (!completing_counts) return errors::approval_invalid("who gave it can't approve this change");
  return {};
}

}  // namespace sluice::governance::application
