#include "governance/infrastructure/changes/change_rows.h"

#include <fmt/format.h>

#include "governance/application/changes/change_errors.h"
#include "governance/infrastructure/changes/read_change.h"

namespace sluice::governance::infrastructure {
namespace {

// An update that changes nothing locks the row on both databases; SQLite has no FOR UPDATE.
constexpr std::string_view kLock = R"(
UPDATE governance_changes SET updated_at_ms = updated_at_ms WHERE change_id = $1
RETURNING change_id, kind, environment, state, revision, digest, requester, spent_revision,
          created_at_ms, updated_at_ms)";

constexpr std::string_view kStep = R"(
UPDATE governance_changes SET state = $2, spent_revision = $3, updated_at_ms = $4 WHERE change_id = $1)";

constexpr std::string_view kRequesters = R"(
SELECT DISTINCT requester, requester_owner, requester_issuer FROM governance_plans WHERE change_id = $1)";

constexpr std::string_view kApprovals = R"(
SELECT id, revision, digest, approver, approver_owner, approver_issuer, approver_token_id, decision, comment, statement,
       created_at_ms, expires_at_ms
  FROM governance_approvals WHERE change_id = $1
 ORDER BY created_at_ms, id COLLATE "C" LIMIT 1000)";

bool spends(domain::ChangeStep step) {
  return step == domain::ChangeStep::kStart || step == domain::ChangeStep::kReject ||
         step == domain::ChangeStep::kCancel;
}

std::string_view name_of(domain::ChangeStep step) {
  switch (step) {
    case domain::ChangeStep::kPlan:
    case domain::ChangeStep::kPlanAlike:
    case domain::ChangeStep::kPlanDone: return "planned";
    case domain::ChangeStep::kApprove: return "approved";
    case domain::ChangeStep::kReject: return "rejected";
    case domain::ChangeStep::kCancel: return "cancelled";
    case domain::ChangeStep::kStart: return "applied";
    case domain::ChangeStep::kFinishWhole:
    case domain::ChangeStep::kFinishPart:
    case domain::ChangeStep::kFinishNothing: return "finished";
  }
  return "";
}

}  // namespace

Result<domain::StoredChange> lock_change(sql::Session& session, const domain::ChangeId& change) {
  SLUICE_TRY(const sql::Rows rows, session.query(kLock, {change.str()}));
  if (rows.empty()) return application::errors::change_not_found(change);
  return read_change(rows.row(0));
}

Result<domain::ChangeFile> read_file(sql::Session& session, domain::StoredChange change) {
  domain::ChangeFile file{std::move(change), {}, {}};
  SLUICE_TRY(const sql::Rows asked, session.query(kRequesters, {file.change.change_id.str()}));
  for (std::size_t i = 0; i < asked.size(); ++i) {
    sql::Row row = asked.row(i);
    file.requesters.push_back({row.text("requester"), row.text("requester_owner"), row.text("requester_issuer"), ""});
    SLUICE_CHECK(row.status());
  }
  SLUICE_TRY(const sql::Rows decided, session.query(kApprovals, {file.change.change_id.str()}));
  for (std::size_t i = 0; i < decided.size(); ++i) {
    SLUICE_TRY(domain::StoredApproval approval, read_approval(decided.row(i)));
    file.approvals.push_back(std::move(approval));
  }
  return file;
}

Status step_change(sql::Session& session, const domain::StoredChange& change, domain::ChangeStep step, TimePoint now) {
  const auto next = domain::after(change.state, step);
  if (!next) return application::errors::change_wrong_state(change, name_of(step));
  const std::int64_t spent = spends(step) ? change.revision : change.spent_revision;
  SLUICE_CHECK(session.execute(kStep, {change.change_id.str(), domain::to_string(*next), spent, now}));
  return {};
}

}  // namespace sluice::governance::infrastructure
