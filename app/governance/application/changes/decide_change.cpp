#include "governance/application/changes/decide_change.h"

#include <algorithm>

#include "governance/application/changes/approval_decision.h"
#include "governance/application/changes/change_errors.h"
#include "governance/application/changes/planned_subjects.h"
#include "governance/application/kept_document.h"
#include "governance/domain/change/persons.h"

namespace sluice::governance::application {
namespace {

using audit::contract::Entry;
using domain::ChangeFile;
using domain::StoredPlan;

Entry entry_of(std::string_view action, const StoredPlan& plan, const Caller& caller) {
  Entry entry;
  entry.environment = plan.environment.str();
  entry.action = action;
  entry.target = "change";
  entry.name = plan.change_id.str();
  entry.change_id = plan.change_id.str();
  entry.actor = caller.actor;
  entry.request_id = caller.request_id;
  return entry;
}

Json state_json(domain::ChangeState state, const StoredPlan& plan) {
  return {{"state", domain::to_string(state)}, {"revision", plan.revision}, {"digest", plan.digest}};
}

notify::contract::Notification told(notify::contract::Event event, const StoredPlan& plan, const Json& document,
                                    const Caller& caller, const std::string& comment) {
  notify::contract::Notification notification;
  notification.event = event;
  notification.environment = plan.environment.str();
  notification.change_id = plan.change_id.str();
  notification.issue = document.value("issue", "");
  notification.actor = caller.actor;
  notification.summary = plan_summary(document);
  notification.facts = {{"revision", plan.revision},
                        {"digest", plan.digest},
                        {"requester", plan.requester.id},
                        {"comment", comment}};
  return notification;
}

// A change that names something the caller may not read is not there for them.
Status require_readable(const Caller& caller, const StoredPlan& plan, const std::vector<Subject>& subjects) {
  if (first_not_allowed(caller, Right::kRead, subjects) == nullptr) return {};
  return errors::change_not_found(plan.change_id);
}

Status require_approver(const Caller& caller, const std::vector<Subject>& subjects) {
  const Subject* missing = first_not_allowed(caller, Right::kApprove, subjects);
  if (missing == nullptr) return {};
  return errors::role_missing("approver", missing->environment.view(), missing->name);
}

// Its approval or rejection, as a row; the persons as they are compared.
domain::StoredApproval row_of(std::string id, const StoredPlan& plan, const Caller& caller, domain::Decision decision,
                              const std::string& comment, TimePoint now) {
  const domain::Persons persons = domain::persons_of(caller.actor);
  domain::StoredApproval row;
  row.id = std::move(id);
  row.revision = plan.revision;
  row.digest = plan.digest;
  row.approver = {caller.actor.id, persons.owner, persons.issuer, caller.actor.token_id};
  row.decision = decision;
  row.comment = comment;
  row.created_at = now;
  row.expires_at = now;
  return row;
}

Verdict verdict_of(domain::ChangeStep step, const ChangeFile& file, const StoredPlan& plan, Entry entry,
                   const std::string& comment, TimePoint now, Decided& answer) {
  const auto next = domain::after(file.change.state, step);
  answer = {plan.revision, plan.digest, next.value_or(file.change.state)};
  entry.before = state_json(file.change.state, plan);
  entry.after = state_json(answer.state, plan);
  entry.detail = comment;
  Verdict verdict;
  verdict.step = step;
  verdict.at = now;
  verdict.entries.push_back(std::move(entry));
  return verdict;
}

}  // namespace

// Refusals are recorded in the environment of the change; what the caller can't even see is none.
template <typename Answer>
Result<Answer> DecideChange::decide(
    const domain::ChangeId& change, std::string_view action, const Caller& caller,
    const std::function<Result<Verdict>(const ChangeFile&, const StoredPlan&, Answer&)>& decision, Deadline deadline) {
  Answer answer;
  std::string environment;
  const Status written = services_.ledger.decide(
      change,
      [&](const ChangeFile& file, const StoredPlan& newest) -> Result<Verdict> {
        environment = newest.environment.str();
        answer = Answer{};
        return decision(file, newest, answer);
      },
      deadline);
  if (written) return answer;
  const Error& error = written.error();
  if (error.kind == ErrorKind::kForbidden || error.kind == ErrorKind::kConflict || error.code == "change.blocked" ||
      error.code == "plan.tampered") {
    record_refusal(change, environment, action, caller, error, deadline);
  }
  return Error(error);
}

// The refusal stands whether or not it could be recorded: the caller gets it either way.
void DecideChange::record_refusal(const domain::ChangeId& change, std::string_view environment,
                                  std::string_view action, const Caller& caller, const Error& error,
                                  Deadline deadline) {
  Entry entry;
  entry.environment = environment;
  entry.action = action;
  entry.target = "change";
  entry.name = change.str();
  entry.change_id = change.str();
  entry.actor = caller.actor;
  entry.request_id = caller.request_id;
  entry.outcome = audit::contract::Outcome::kRefused;
  entry.detail = error.code + ": " + error.message;
  (void)services_.trail.record({&entry, 1}, deadline);
}

Result<Approved> DecideChange::approve(const domain::ChangeId& change, const std::string& digest,
                                       const std::string& comment, const Caller& caller, Deadline deadline) {
  const std::string id = services_.ids.next_uuid();
  SLUICE_TRY(const auto policies, services_.policies.in_force(deadline));  // before the transaction: it asks, too
  const auto decision = [&](const ChangeFile& file, const StoredPlan& plan, Approved& answer) -> Result<Verdict> {
    SLUICE_TRY(const Json document, read_kept_document(change, plan.digest, plan.document));
    const auto subjects = planned_subjects(plan.environment, document);
    SLUICE_CHECK(require_readable(caller, plan, subjects));
    if (domain::shares_a_person_with_any(caller.actor, file.requesters)) return errors::own_change(change);
    SLUICE_CHECK(require_approver(caller, subjects));
    if (plan.digest != digest) return errors::approval_digest(file.change);
    if (is_blocked(document)) return errors::change_blocked(change);

    const TimePoint now = services_.clock.now();
    domain::StoredApproval row = row_of(id, plan, caller, domain::Decision::kApprove, comment, now);
    row.expires_at = now + policies->approvals.ttl;
    SLUICE_TRY(const Quorum quorum, join_quorum(file, plan, row, now));
    answer = {plan.revision, plan.digest, quorum.remaining, "", quorum.expires_at};
    if (quorum.given_before != nullptr) {
      if (quorum.remaining == 0) answer.token = quorum.completing->statement;
      return Verdict{};
    }
    if (plan.policy_digest != policies->digest) {
      return errors::change_of_other_policies(plan.policy_version, policies->version);
    }
    row.expires_at = quorum.expires_at;
    SLUICE_TRY(row.statement, services_.seal.seal(domain::write_claims(quorum.claims)));
    if (quorum.remaining == 0) answer.token = row.statement;

    Verdict verdict;
    verdict.at = now;
    Entry entry = entry_of("change.approve", plan, caller);
    entry.before = state_json(file.change.state, plan);
    entry.after = state_json(quorum.remaining == 0 ? domain::ChangeState::kApproved : file.change.state, plan);
    entry.after["approval"] = id;
    entry.after["remaining"] = quorum.remaining;
    entry.detail = comment;
    verdict.entries.push_back(std::move(entry));
    verdict.approval = std::move(row);
    if (quorum.remaining == 0) {
      verdict.step = domain::ChangeStep::kApprove;
      verdict.notification = told(notify::contract::Event::kApproved, plan, document, caller, comment);
    }
    return verdict;
  };
  return decide<Approved>(change, "change.approve", caller, decision, deadline);
}

Result<Decided> DecideChange::reject(const domain::ChangeId& change, const std::string& comment, const Caller& caller,
                                     Deadline deadline) {
  const std::string id = services_.ids.next_uuid();
  const auto decision = [&](const ChangeFile& file, const StoredPlan& plan, Decided& answer) -> Result<Verdict> {
    const Json document = Json::parse(plan.document);
    const auto subjects = planned_subjects(plan.environment, document);
    SLUICE_CHECK(require_readable(caller, plan, subjects));
    SLUICE_CHECK(require_approver(caller, subjects));
    const TimePoint now = services_.clock.now();
    Verdict verdict = verdict_of(domain::ChangeStep::kReject, file, plan, entry_of("change.reject", plan, caller),
                                 comment, now, answer);
    verdict.approval = row_of(id, plan, caller, domain::Decision::kReject, comment, now);
    verdict.notification = told(notify::contract::Event::kRejected, plan, document, caller, comment);
    return verdict;
  };
  return decide<Decided>(change, "change.reject", caller, decision, deadline);
}

Result<Decided> DecideChange::cancel(const domain::ChangeId& change, const std::string& comment, const Caller& caller,
                                     Deadline deadline) {
  const auto decision = [&](const ChangeFile& file, const StoredPlan& plan, Decided& answer) -> Result<Verdict> {
    const auto subjects = planned_subjects(plan.environment, Json::parse(plan.document));
    SLUICE_CHECK(require_readable(caller, plan, subjects));
    const bool asked = domain::shares_a_person_with_any(caller.actor, file.requesters);
    if (!asked && first_not_allowed(caller, Right::kAdminister, subjects) != nullptr) {
      return errors::not_the_requester(change);
    }
    return verdict_of(domain::ChangeStep::kCancel, file, plan, entry_of("change.cancel", plan, caller), comment,
                      services_.clock.now(), answer);
  };
  return decide<Decided>(change, "change.cancel", caller, decision, deadline);
}

}  // namespace sluice::governance::application
