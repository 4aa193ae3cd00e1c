#include "governance/infrastructure/changes/sql_change_repository.h"

#include <string_view>

#include "governance/application/changes/change_errors.h"
#include "governance/infrastructure/changes/change_rows.h"
#include "governance/infrastructure/changes/read_change.h"
#include "governance/infrastructure/plan_rows.h"

namespace sluice::governance::infrastructure {
namespace {

constexpr std::string_view kFind = R"(
SELECT change_id, kind, environment, state, revision, digest, requester, spent_revision, created_at_ms, updated_at_ms
  FROM governance_changes WHERE change_id = $1)";

constexpr std::string_view kRevisions = R"(
SELECT revision, digest, requester, requester_owner, requester_issuer, required_approvals, created_at_ms
  FROM governance_plans WHERE change_id = $1 ORDER BY revision DESC LIMIT 100)";

// A filter that is not asked for is empty; the first page begins after the end of time.
constexpr std::string_view kList = R"(
SELECT change_id, kind, environment, state, revision, digest, requester, spent_revision, created_at_ms, updated_at_ms
  FROM governance_changes
 WHERE ($1 = '' OR state = $1) AND ($2 = '' OR environment = $2) AND ($3 = '' OR requester = $3)
   AND (updated_at_ms < $4 OR (updated_at_ms = $4 AND change_id COLLATE "C" < $5))
 ORDER BY updated_at_ms DESC, change_id COLLATE "C" DESC
 LIMIT $6)";

constexpr std::string_view kExecuted = R"(
SELECT approval_id FROM governance_executions WHERE change_id = $1
 ORDER BY started_at_ms DESC, id COLLATE "C" DESC LIMIT 1000)";

// The plan's own columns, not the caller's words, say who asked: the foreign key holds them to it.
constexpr std::string_view kInsertApproval = R"(
INSERT INTO governance_approvals
  (id, change_id, revision, digest, requester, requester_owner, requester_issuer, approver, approver_owner,
   approver_issuer, approver_token_id, decision, comment, statement, created_at_ms, expires_at_ms)
SELECT $1, change_id, revision, digest, requester, requester_owner, requester_issuer, $5, $6, $7, $8, $9, $10, $11, $12, $13
  FROM governance_plans WHERE change_id = $2 AND revision = $3 AND digest = $4)";

constexpr TimePoint kEndOfTime{std::chrono::hours{24 * 365 * 10'000}};

// A request may take longer than its look at a database that hangs should.
sql::TransactionOptions within(Deadline deadline) {
  sql::TransactionOptions options;
  options.deadline = deadline.no_later_than(options.deadline.remaining());
  return options;
}

Status insert_approval(sql::Session& session, const domain::ChangeId& change, const domain::StoredApproval& row) {
  SLUICE_TRY(const std::int64_t inserted,
             session.execute(kInsertApproval,
                             {row.id, change.str(), row.revision, row.digest, row.approver.id, row.approver.owner,
                              row.approver.issuer, row.approver.token_id, domain::to_string(row.decision), row.comment, row.statement,
                              row.created_at, row.expires_at}));
  SLUICE_ASSERT(inserted == 1);  // the plan was read in this transaction
  return {};
}

}  // namespace

Result<std::optional<domain::ChangeFile>> SqlChangeRepository::find(const domain::ChangeId& change,
                                                                    Deadline deadline) {
  using Found = std::optional<domain::ChangeFile>;
  return database_.transaction(
      [&](sql::Session& session) -> Result<Found> {
        SLUICE_TRY(const sql::Rows rows, session.query(kFind, {change.str()}));
        if (rows.empty()) return Found();
        SLUICE_TRY(domain::StoredChange stored, read_change(rows.row(0)));
        SLUICE_TRY(domain::ChangeFile file, read_file(session, std::move(stored)));
        return Found(std::move(file));
      },
      {.deadline = deadline, .isolation = sql::Isolation::kRepeatableRead});
}

Result<std::vector<domain::RevisionSummary>> SqlChangeRepository::revisions(const domain::ChangeId& change,
                                                                            Deadline deadline) {
  SLUICE_TRY(const sql::Rows rows, database_.query(kRevisions, {change.str()}, within(deadline)));
  std::vector<domain::RevisionSummary> revisions;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sql::Row row = rows.row(i);
    revisions.push_back({row.integer("revision"),
                         row.text("digest"),
                         {row.text("requester"), row.text("requester_owner"), row.text("requester_issuer"), ""},
                         row.integer("required_approvals"),
                         row.time("created_at_ms")});
    SLUICE_CHECK(row.status());
  }
  return revisions;
}

Result<std::vector<domain::StoredChange>> SqlChangeRepository::list(const domain::ChangeFilter& filter,
                                                                    Deadline deadline) {
  const sql::Params params{filter.state ? domain::to_string(*filter.state) : std::string_view(),
                           filter.environment ? filter.environment->view() : std::string_view(),
                           filter.requester.value_or(""),
                           filter.after ? filter.after->updated_at : kEndOfTime,
                           filter.after ? filter.after->change_id.view() : std::string_view(),
                           filter.limit};
  SLUICE_TRY(const sql::Rows rows, database_.query(kList, params, within(deadline)));
  std::vector<domain::StoredChange> changes;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SLUICE_TRY(domain::StoredChange change, read_change(rows.row(i)));
    changes.push_back(std::move(change));
  }
  return changes;
}

Result<std::vector<std::string>> SqlChangeRepository::executed_approvals(const domain::ChangeId& change,
                                                                         Deadline deadline) {
  SLUICE_TRY(const sql::Rows rows, database_.query(kExecuted, {change.str()}, within(deadline)));
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sql::Row row = rows.row(i);
    ids.push_back(row.text("approval_id"));
    SLUICE_CHECK(row.status());
  }
  return ids;
}

Status SqlChangeRepository::decide(const domain::ChangeId& change, const application::Decide& decide,
                                   Deadline deadline) {
  return database_.transaction(
      [&](sql::Session& session) -> Status {
        SLUICE_TRY(domain::StoredChange stored, lock_change(session, change));
        SLUICE_TRY(const domain::ChangeFile file, read_file(session, std::move(stored)));
        SLUICE_TRY(const auto newest, find_plan(session, change, file.change.revision));
        if (!newest) return application::errors::change_not_found(change);
        SLUICE_TRY(const application::Verdict verdict, decide(file, *newest));
        return write(session, file, verdict);
      },
      within(deadline));
}

// The audit entries last: from there to the commit their chain is locked.
Status SqlChangeRepository::write(sql::Session& session, const domain::ChangeFile& file,
                                  const application::Verdict& verdict) {
  // First, for a state that forbids it is the better answer to a decision that is there already.
  if (verdict.step) SLUICE_CHECK(step_change(session, file.change, *verdict.step, verdict.at));
  if (verdict.approval) SLUICE_CHECK(insert_approval(session, file.change.change_id, *verdict.approval));
  if (verdict.notification && queue_ != nullptr) SLUICE_CHECK(queue_->enqueue(session, *verdict.notification));
  if (verdict.entries.empty()) return {};
  return trail_.append(session, verdict.entries);
}

}  // namespace sluice::governance::infrastructure
