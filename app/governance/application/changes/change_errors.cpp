#include "governance/application/changes/change_errors.h"

#include <fmt/format.h>

namespace sluice::governance::application::errors {
namespace {

Error conflict(std::string_view code, std::string message, std::string fix) {
  return {ErrorKind::kConflict, std::string(code), std::move(message), std::move(fix), {}};
}

Error forbidden(std::string_view code, std::string message, std::string fix) {
  return {ErrorKind::kForbidden, std::string(code), std::move(message), std::move(fix), {}};
}

std::string plan_again(const domain::ChangeId& change) {
  return fmt::format("Plan '{}' again, and have the new plan approved.", change.str());
}

}  // namespace

Error change_not_found(const domain::ChangeId& change) {
  return {ErrorKind::kNotFound, "change.not-found", fmt::format("There is no change '{}'.", change.str()),
          "Plan it first: POST /v1/topics/batch/dry-run.", {}};
}

Error change_in_progress(const domain::ChangeId& change) {
  return conflict("change.in-progress", fmt::format("Change '{}' is being applied.", change.str()),
                  "Wait until that has ended: GET /v1/changes/{changeId}.");
}

Error change_of_another(const domain::ChangeId& change) {
  return conflict("change.of-another", fmt::format("'{}' names another change already.", change.str()),
                  "Choose another changeId: one names one change, in one environment.");
}

Error change_not_approved(const domain::StoredChange& change) {
  const bool is_planned = change.state == domain::ChangeState::kPlanned;
  return conflict("change.not-approved",
                  fmt::format("Change '{}' is {}, not approved.", change.change_id.str(),
                              domain::to_string(change.state)),
                  is_planned ? fmt::format("Have it approved: sluice approve {0} --digest {1}, or POST "
                                           "/v1/changes/{0}/approve.",
                                           change.change_id.str(), change.digest)
                             : "Plan it again, and have the new revision approved.");
}

Error change_wrong_state(const domain::StoredChange& change, std::string_view wanted) {
  return conflict("change.state",
                  fmt::format("Change '{}' is {}, so it can't be {}.", change.change_id.str(),
                              domain::to_string(change.state), wanted),
                  "Look at it: GET /v1/changes/{changeId}; plan it again if it is still wanted.");
}

Error change_blocked(const domain::ChangeId& change) {
  return {ErrorKind::kInvalid, "change.blocked",
          fmt::format("The plan of '{}' breaks rules of severity block; no approval can help that.", change.str()),
          "Mend the batch as the plan's violations say, and plan it again.", {}};
}

Error own_change(const domain::ChangeId& change) {
  return forbidden("approval.own-change",
                   fmt::format("You, or whoever issued your token, asked for '{}'; no role approves its own change.",
                               change.str()),
                   "Ask somebody else to approve it. A token counts as its owner and as its issuer.");
}

Error same_person(const domain::ChangeId& change) {
  return forbidden("approval.same-person",
                   fmt::format("You, or whoever issued your token, count already among the approvers of '{}'.",
                               change.str()),
                   "Ask somebody else. A token counts as its owner and as its issuer.");
}

Error not_the_requester(const domain::ChangeId& change) {
  return forbidden("change.not-requester", fmt::format("Only who asked for '{}', or an admin, cancels it.", change.str()),
                   "An approver rejects it instead.");
}

Error role_missing(std::string_view role, std::string_view environment, std::string_view name) {
  return forbidden("auth.forbidden", fmt::format("'{}' in environment '{}' needs the role {}.", name, environment, role),
                   "Ask an admin for a grant that covers this environment and name.");
}

Error approval_digest(const domain::StoredChange& change) {
  return conflict("approval.digest",
                  fmt::format("Revision {} of '{}' has another digest than the one you named.", change.revision,
                              change.change_id.str()),
                  "Read the plan as it is now, and name its digest.");
}

Error approval_invalid(std::string_view why) {
  return conflict("approval.invalid", fmt::format("The approval does not hold: {}.", why),
                  "Use the token as approve answered it, on the installation that did.");
}

Error change_of_other_policies(std::string_view planned, std::string_view in_force) {
  return conflict("change.policy-changed",
                  fmt::format("It was planned under policy {}, but {} is in force, or its content differs.", planned,
                              in_force),
                  "Have it planned again under the policy in force.");
}

Error approval_incomplete(std::int64_t remaining) {
  return conflict("approval.incomplete", fmt::format("Approvals that are still missing: {}.", remaining),
                  "Ask other approvers.");
}

Error approval_superseded(const domain::StoredChange& change) {
  return conflict("approval.superseded",
                  fmt::format("Change '{}' was planned anew, rejected or cancelled since; its newest revision is {}, {}.",
                              change.change_id.str(), change.revision, domain::to_string(change.state)),
                  "Have the newest revision approved.");
}

Error approval_expired(const domain::ChangeId& change) {
  return conflict("approval.expired", fmt::format("The approval of '{}' has expired.", change.str()), plan_again(change));
}

Error approval_policy_changed(std::string_view approved, std::string_view in_force) {
  return conflict("apply.policy-changed",
                  fmt::format("It was approved under policy {}, but {} is in force, or its content differs.", approved,
                              in_force),
                  "Plan it again under the policy in force, and have that approved.");
}

}  // namespace sluice::governance::application::errors
