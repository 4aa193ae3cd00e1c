#include "governance/application/changes/approval_decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "governance/application/changes/change_errors.h"
#include "governance/domain/change/persons.h"
#include "governance/domain/change/quorum.h"
#include "platform/core/text.h"

namespace sluice::governance::application {
namespace {

using domain::ChangeState;
using domain::StoredApproval;

domain::ApprovalClaims claims_of(const domain::StoredPlan& plan, const StoredApproval& approval,
                                 std::vector<Actor> approvers, TimePoint expires_at, std::int64_t remaining) {
  return {.id = approval.id,
          .change_id = plan.change_id,
          .kind = plan.kind,
          .revision = plan.revision,
          .digest = plan.digest,
          .batch_digest = plan.batch_digest,
          .policy_version = plan.policy_version,
          .policy_digest = plan.policy_digest,
          .live_fingerprint = plan.live_fingerprint,
          .cluster_id = plan.cluster_id,
          .environment = plan.environment,
          .requester = plan.requester,
          .approvers = std::move(approvers),
          .issued_at = approval.created_at,
          .expires_at = expires_at,
          .remaining = remaining};
}

bool is_by(const StoredApproval& approval, const Actor& actor) {
  return domain::persons_of(approval.approver).owner == domain::persons_of(actor).owner;
}

// One that this person gave for this very revision and that counts no more: there can't be a second.
bool has_spoken(const domain::ChangeFile& file, const StoredApproval& approval) {
  return std::any_of(file.approvals.begin(), file.approvals.end(), [&](const StoredApproval& given) {
    return given.decision == domain::Decision::kApprove && given.revision == approval.revision &&
           is_by(given, approval.approver);
  });
}

void count(std::string& text, int number, std::string_view singular) {
  if (number == 0) return;
  text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", number, singular, number == 1 ? "" : "s");
}

// {"documentVersion": "2026-11"} is what a person calls a version of the policies.
std::string label_of(const Json& document, const char* name) {
  const auto version = document.find(name);
  return version == document.end() ? std::string() : version->value("documentVersion", "");
}

std::string policies_summary(const Json& document) {
  std::vector<std::string> touched;
  for (const Json& environment : document.value("touched", Json::array())) touched.push_back(environment.get<std::string>());
  return fmt::format("policies \"{}\" instead of \"{}\", for {}", label_of(document, "policies"),
                     label_of(document, "base"), join(touched, ", "));
}

}  // namespace

Result<Quorum> join_quorum(const domain::ChangeFile& file, const domain::StoredPlan& plan,
                           const StoredApproval& approval, TimePoint now) {
  const ChangeState state = file.change.state;
  const auto counting = domain::counting_approvals(file, now);
  Quorum quorum;
  quorum.expires_at = approval.expires_at;
  for (const StoredApproval* given : counting) {
    quorum.expires_at = std::min(quorum.expires_at, given->expires_at);
    if (is_by(*given, approval.approver)) quorum.given_before = given;
  }
  const bool open = state == ChangeState::kPlanned || state == ChangeState::kApproved;
  if (open && quorum.given_before != nullptr) {
    quorum.remaining = domain::remaining(plan.required_approvals, counting.size());
    quorum.completing = counting.back();
    return quorum;
  }
  const bool lapsed = state == ChangeState::kApproved &&
                      domain::remaining(plan.required_approvals, counting.size()) > 0;
  if (lapsed || (state == ChangeState::kPlanned && has_spoken(file, approval))) {
    return errors::approval_expired(file.change.change_id);
  }
  if (state != ChangeState::kPlanned) return errors::change_wrong_state(file.change, "approved");

  std::vector<Actor> approvers;
  for (const StoredApproval* given : counting) approvers.push_back(given->approver);
  if (domain::shares_a_person_with_any(approval.approver, approvers)) {
    return errors::same_person(file.change.change_id);
  }
  approvers.push_back(approval.approver);
  quorum.remaining = domain::remaining(plan.required_approvals, approvers.size());
  quorum.claims = claims_of(plan, approval, std::move(approvers), quorum.expires_at, quorum.remaining);
  return quorum;
}

std::string plan_summary(const Json& document) {
  if (document.contains("policies")) return policies_summary(document);
  const auto found = document.find("summary");
  if (found == document.end()) return "";
  std::string text;
  for (const char* action : {"create", "alter", "delete"}) count(text, found->value(action, 0), action);
  if (text.empty()) text = "no changes";
  std::string verdicts;
  count(verdicts, found->value("block", 0), "blocking violation");
  count(verdicts, found->value("warn", 0), "warning");
  return verdicts.empty() ? text : text + "; " + verdicts;
}

std::optional<domain::PlanNews> plan_news(const Json& document) {
  if (const auto summary = document.find("summary"); summary != document.end()) {
    const int changes = summary->value("create", 0) + summary->value("alter", 0) + summary->value("delete", 0);
    if (changes == 0 || summary->value("block", 0) > 0) return std::nullopt;
  }
  return domain::PlanNews{document.value("issue", ""), plan_summary(document)};
}

}  // namespace sluice::governance::application
