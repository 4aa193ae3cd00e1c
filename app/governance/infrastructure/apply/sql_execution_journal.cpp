#include "governance/infrastructure/apply/sql_execution_journal.h"

#include <algorithm>

#include <fmt/format.h>

#include "governance/application/apply/apply_errors.h"
#include "governance/infrastructure/apply/execution_rows.h"
#include "governance/infrastructure/apply/topic_locks.h"
#include "governance/infrastructure/catalogue/sql_declarations.h"
#include "governance/infrastructure/changes/change_rows.h"
#include "platform/sql/statement_text.h"

namespace sluice::governance::infrastructure {
namespace {

namespace errors = application::errors;
using domain::ChangeState;
using domain::ChangeStep;
using application::Lease;
using application::RecordedItem;

constexpr std::size_t kDeclarationsAtOnce = 500;

// {} is the database's clock.
constexpr std::string_view kOpen = R"(
INSERT INTO governance_executions
  (id, change_id, revision, digest, approval_id, environment, cluster_id, state, started_by, started_by_owner,
   request_id, started_at_ms, lease_owner, lease_epoch, lease_until_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'RUNNING', $8, $9, $10, $11, $12, 1, {} + $13)
ON CONFLICT (approval_id) DO NOTHING)";

// Nobody runs it; what has ended without an open item is not asked for again.
constexpr std::string_view kReopen = R"(
UPDATE governance_executions
   SET lease_epoch = lease_epoch + 1, lease_owner = $2, lease_until_ms = {0} + $3,
       state = 'RUNNING', finished_at_ms = NULL
 WHERE id = $1 AND lease_until_ms <= {0} AND state <> 'APPLIED'
RETURNING lease_epoch)";

constexpr std::string_view kRenew = R"(
UPDATE governance_executions SET lease_until_ms = {} + $3
 WHERE id = $1 AND lease_epoch = $2 AND state = 'RUNNING')";

constexpr std::string_view kRelease = R"(
UPDATE governance_executions SET lease_until_ms = 0
 WHERE id = $1 AND lease_epoch = $2 AND state = 'RUNNING')";

constexpr std::string_view kFinish = R"(
UPDATE governance_executions SET state = $3, finished_at_ms = $4, lease_until_ms = 0
 WHERE id = $1 AND lease_epoch = $2 AND state = 'RUNNING'
RETURNING change_id)";

constexpr std::string_view kHead = R"(
SELECT environment, change_id, revision FROM governance_executions WHERE id = $1)";

std::vector<std::string> names_of(std::span<const RecordedItem> items) {
  std::vector<std::string> names;
  names.reserve(items.size());
  for (const RecordedItem& item : items) names.push_back(item.planned->name.str());
  return names;
}

LockRequest locks_of(const application::NewExecution& execution) {
  LockRequest request{execution.id, execution.environment, {}};
  for (const domain::PlannedItem& item : execution.items) request.topics.push_back(item.name.str());
  return request;
}

LockRequest open_locks_of(const domain::Execution& execution) {
  LockRequest request{execution.id, execution.environment, {}};
  for (const domain::ExecutionItem& item : execution.items) {
    if (domain::is_open(item.outcome)) request.topics.push_back(item.name.str());
  }
  return request;
}

bool has_begun(ChangeState state) {
  return state == ChangeState::kApplying || state == ChangeState::kPartial || state == ChangeState::kFailed;
}

ChangeStep end_step(domain::ExecutionState state) {
  switch (state) {
    case domain::ExecutionState::kApplied: return ChangeStep::kFinishWhole;
    case domain::ExecutionState::kPartial: return ChangeStep::kFinishPart;
    case domain::ExecutionState::kFailed:
    case domain::ExecutionState::kRunning: return ChangeStep::kFinishNothing;
  }
  return ChangeStep::kFinishNothing;
}

Result<domain::AppliedBy> head_of(sql::Session& session, const std::string& execution_id, TimePoint now) {
  SLUICE_TRY(const sql::Rows rows, session.query(kHead, {execution_id}));
  if (rows.empty()) return errors::lease_lost(execution_id);
  sql::Row row = rows.row(0);
  domain::AppliedBy by{domain::EnvironmentName{row.text("environment")}, domain::ChangeId{row.text("change_id")},
                       row.integer("revision"), "", now};
  SLUICE_CHECK(row.status());
  return by;
}

// What is declared once these items are done; what could not be done declares nothing.
Status declare_done(sql::Session& session, const domain::AppliedBy& by, std::span<const RecordedItem> items) {
  std::vector<AppliedItem> done;
  for (const RecordedItem& item : items) {
    if (item.outcome.state != domain::ItemState::kDone) continue;
    done.push_back({item.planned, by});
    done.back().by.topic_id = item.outcome.topic_id;
  }
  for (std::size_t first = 0; first < done.size(); first += kDeclarationsAtOnce) {
    const auto count = std::min(kDeclarationsAtOnce, done.size() - first);
    SLUICE_CHECK(record_declarations(session, std::span(done).subspan(first, count)));
  }
  return {};
}

}  // namespace

SqlExecutionJournal::SqlExecutionJournal(JournalServices services)
    : services_(std::move(services)), now_(sql::now_ms(services_.database.dialect())) {}

SqlExecutionJournal::Read SqlExecutionJournal::find(const std::string& approval_id, Deadline deadline) {
  return services_.database.transaction(
      [&](sql::Session& session) -> Read {
        return read_execution(session, services_.database.dialect(), {ExecutionKey::kApproval, approval_id});
      },
      {.deadline = deadline});
}

SqlExecutionJournal::Read SqlExecutionJournal::newest_of(const domain::ChangeId& change, Deadline deadline) {
  return services_.database.transaction(
      [&](sql::Session& session) -> Read {
        return read_execution(session, services_.database.dialect(), {ExecutionKey::kChange, change.str()});
      },
      {.deadline = deadline});
}

Result<std::map<domain::ChangeId, domain::ExecutionProgress>> SqlExecutionJournal::progress_of(
    std::span<const domain::ChangeId> changes, Deadline deadline) {
  if (changes.empty()) return std::map<domain::ChangeId, domain::ExecutionProgress>();
  return services_.database.transaction(
      [&](sql::Session& session) { return read_progress(session, changes); }, {.deadline = deadline});
}

Result<Lease> SqlExecutionJournal::open(const application::NewExecution& execution,
                                        const audit::contract::Entry& entry, Deadline deadline) {
  const Lease lease{execution.id, 1, Deadline::after(services_.lease_ttl)};
  const auto body = [&](sql::Session& session) -> Status {
    SLUICE_TRY(const std::int64_t opened,
               session.execute(fmt::format(kOpen, now_),
                               {execution.id, execution.change_id.str(), execution.revision, execution.digest,
                                execution.approval_id, execution.environment.str(), execution.cluster_id,
                                execution.started_by.id, execution.started_by.owner, execution.request_id,
                                execution.started_at, services_.owner, services_.lease_ttl.count()}));
    if (opened == 0) return errors::in_progress(execution.change_id);
    SLUICE_TRY(const domain::StoredChange change, lock_change(session, execution.change_id));
    // A newer revision of the same digest is as approved as this one.
    const bool approved = change.state == ChangeState::kApproved && change.digest == execution.digest;
    if (!approved) return errors::not_approved(execution.change_id);
    SLUICE_CHECK(step_change(session, change, ChangeStep::kStart, execution.started_at));
    SLUICE_CHECK(take_locks(session, services_.database.dialect(), locks_of(execution)));
    SLUICE_CHECK(insert_items(session, execution));
    return services_.audit.append(session, {&entry, 1});
  };
  SLUICE_CHECK(services_.database.transaction(body, {.deadline = deadline}));
  return lease;
}

Result<Lease> SqlExecutionJournal::reopen(const domain::Execution& execution, const audit::contract::Entry& entry,
                                          Deadline deadline) {
  Lease lease{execution.id, 0, Deadline::after(services_.lease_ttl)};
  const auto body = [&](sql::Session& session) -> Result<std::int64_t> {
    SLUICE_TRY(const sql::Rows rows, session.query(fmt::format(kReopen, now_),
                                                   {execution.id, services_.owner, services_.lease_ttl.count()}));
    if (rows.empty()) return errors::in_progress(execution.change_id);
    sql::Row row = rows.row(0);
    const std::int64_t epoch = row.integer("lease_epoch");
    SLUICE_CHECK(row.status());
    SLUICE_TRY(const domain::StoredChange change, lock_change(session, execution.change_id));
    const bool current = has_begun(change.state) && change.digest == execution.digest;
    if (!current) return errors::not_approved(execution.change_id);
    SLUICE_CHECK(step_change(session, change, ChangeStep::kStart, services_.clock.now()));
    SLUICE_CHECK(take_locks(session, services_.database.dialect(), open_locks_of(execution)));
    SLUICE_CHECK(services_.audit.append(session, {&entry, 1}));
    return epoch;
  };
  SLUICE_TRY(lease.epoch, services_.database.transaction(body, {.deadline = deadline}));
  return lease;
}

Status SqlExecutionJournal::renew_in(sql::Session& session, const Lease& lease) {
  SLUICE_TRY(const std::int64_t renewed,
             session.execute(fmt::format(kRenew, now_),
                             {lease.execution_id, lease.epoch, services_.lease_ttl.count()}));
  if (renewed == 0) return errors::lease_lost(lease.execution_id);
  return {};
}

Status SqlExecutionJournal::with_renewed(Lease& lease, const std::function<Status(sql::Session&)>& body,
                                         Deadline deadline) {
  const Deadline valid_until = Deadline::after(services_.lease_ttl);
  const auto renewed = [&](sql::Session& session) -> Status {
    SLUICE_CHECK(renew_in(session, lease));
    return body(session);
  };
  SLUICE_CHECK(services_.database.transaction(renewed, {.deadline = deadline}));
  lease.valid_until = valid_until;
  return {};
}

Status SqlExecutionJournal::renew(Lease& lease, Deadline deadline) {
  return with_renewed(lease, [](sql::Session&) { return Status(); }, deadline);
}

Status SqlExecutionJournal::intend(Lease& lease, std::span<const RecordedItem> items, Deadline deadline) {
  return with_renewed(
      lease,
      [&](sql::Session& session) -> Status {
        const TimePoint now = services_.clock.now();
        SLUICE_TRY(const domain::AppliedBy by, head_of(session, lease.execution_id, now));
        SLUICE_CHECK(require_locks(session, {lease.execution_id, by.environment, names_of(items)}));
        return write_intents(session, lease.execution_id, items, now);
      },
      deadline);
}

Status SqlExecutionJournal::record(Lease& lease, TimePoint at, std::span<const RecordedItem> items,
                                   std::span<const audit::contract::Entry> entries, Deadline deadline) {
  return with_renewed(
      lease,
      [&](sql::Session& session) -> Status {
        SLUICE_CHECK(write_outcomes(session, lease.execution_id, items, at));
        SLUICE_TRY(const domain::AppliedBy by, head_of(session, lease.execution_id, at));
        SLUICE_CHECK(declare_done(session, by, items));
        return services_.audit.append(session, entries);
      },
      deadline);
}

Status SqlExecutionJournal::finish(const Lease& lease, const application::Ending& ending, Deadline deadline) {
  const auto body = [&](sql::Session& session) -> Status {
    const std::string state(domain::to_string(ending.state));
    SLUICE_TRY(const sql::Rows rows, session.query(kFinish, {lease.execution_id, lease.epoch, state, ending.at}));
    if (rows.empty()) return errors::lease_lost(lease.execution_id);
    sql::Row row = rows.row(0);
    const std::string change_id = row.text("change_id");
    SLUICE_CHECK(row.status());
    SLUICE_CHECK(drop_locks(session, lease.execution_id));
    SLUICE_TRY(const domain::StoredChange change, lock_change(session, domain::ChangeId{change_id}));
    SLUICE_CHECK(step_change(session, change, end_step(ending.state), ending.at));
    SLUICE_CHECK(services_.notifications.enqueue(session, ending.notification));
    return services_.audit.append(session, {&ending.entry, 1});
  };
  return services_.database.transaction(body, {.deadline = deadline});
}

Status SqlExecutionJournal::release(const Lease& lease, Deadline deadline) {
  SLUICE_CHECK(services_.database.execute(kRelease, {lease.execution_id, lease.epoch}, {.deadline = deadline}));
  return {};
}

}  // namespace sluice::governance::infrastructure
