#include "governance/infrastructure/sql_plan_repository.h"

#include <string_view>

#include "governance/application/changes/approval_decision.h"
#include "governance/application/changes/change_errors.h"
#include "governance/domain/change/persons.h"
#include "governance/domain/change/quorum.h"
#include "governance/infrastructure/changes/change_rows.h"
#include "governance/infrastructure/changes/read_change.h"
#include "governance/infrastructure/plan_rows.h"

namespace sluice::governance::infrastructure {
namespace {

// Makes the change's row, or locks the one there is: dry-runs of one change follow one another.
constexpr std::string_view kOpenChange = R"(
INSERT INTO governance_changes
  (change_id, kind, environment, state, revision, digest, requester, created_at_ms, updated_at_ms)
VALUES ($1, $2, $3, 'PLANNED', 0, '', $4, $5, $5)
ON CONFLICT (change_id) DO UPDATE SET updated_at_ms = governance_changes.updated_at_ms
RETURNING change_id, kind, environment, state, revision, digest, requester, spent_revision,
          created_at_ms, updated_at_ms)";

constexpr std::string_view kAppend = R"(
INSERT INTO governance_plans
  (change_id, revision, digest, environment, requester, requester_owner, requester_issuer, created_at_ms, document,
   kind, cluster_id, policy_version, policy_digest, live_fingerprint, batch, batch_digest, required_approvals,
   requester_token_id)
SELECT $1, coalesce(max(revision), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17
  FROM governance_plans WHERE change_id = $1
RETURNING revision)";

// Another content voids what was approved before, also when a later revision takes it back.
constexpr std::string_view kPlanned = R"(
UPDATE governance_changes
   SET kind = $2, environment = $3, state = $4, revision = $5, digest = $6, requester = $7, updated_at_ms = $8,
       spent_revision = CASE WHEN digest = $6 THEN spent_revision ELSE revision END
 WHERE change_id = $1)";

// Kept as long as it is planned.
constexpr std::string_view kTouch = "UPDATE governance_changes SET updated_at_ms = $2 WHERE change_id = $1";

constexpr std::string_view kBatchOf = R"(
SELECT batch_digest FROM governance_plans WHERE change_id = $1 AND revision = $2)";

// A change that is being applied stays, however old.
constexpr std::string_view kDropOldChanges = R"(
DELETE FROM governance_changes WHERE updated_at_ms < $1 AND state <> 'APPLYING')";

constexpr std::string_view kDropOldPlans = R"(
DELETE FROM governance_plans WHERE change_id IN (
  SELECT change_id FROM governance_plans GROUP BY change_id HAVING max(created_at_ms) < $1)
   AND change_id NOT IN (SELECT change_id FROM governance_changes))";

Result<std::int64_t> insert_plan(sql::Session& session, const domain::NewPlan& plan) {
  const domain::Persons persons = domain::persons_of(plan.requester);
  SLUICE_TRY(const sql::Rows rows,
             session.query(kAppend, {plan.change_id.str(), plan.digest, plan.environment.str(), plan.requester.id,
                                     persons.owner, persons.issuer, plan.created_at, plan.document, plan.kind,
                                     plan.cluster_id, plan.policy_version, plan.policy_digest, plan.live_fingerprint,
                                     plan.batch, plan.batch_digest, plan.required_approvals, plan.requester.token_id}));
  sql::Row row = rows.row(0);
  const std::int64_t revision = row.integer("revision");
  SLUICE_CHECK(row.status());
  return revision;
}

// Whether what was approved is what has been planned again, and the approvals given still count now
// that this one has asked for it, too.
Result<bool> stays_approved(sql::Session& session, const domain::StoredChange& change, const domain::NewPlan& plan) {
  if (change.state != domain::ChangeState::kApproved || change.digest != plan.digest) return false;
  SLUICE_TRY(domain::ChangeFile file, read_file(session, change));
  file.requesters.push_back(plan.requester);
  const auto counting = domain::counting_approvals(file, plan.created_at);
  return domain::remaining(plan.required_approvals, counting.size()) == 0;
}

// Whether what was applied has been planned again, and nothing is left of it to do.
Result<bool> stays_applied(sql::Session& session, const domain::StoredChange& change, const domain::NewPlan& plan) {
  if (change.state != domain::ChangeState::kApplied || !plan.changes_nothing) return false;
  SLUICE_TRY(const sql::Rows rows, session.query(kBatchOf, {change.change_id.str(), change.revision}));
  if (rows.empty()) return false;
  sql::Row row = rows.row(0);
  const std::string applied = row.text("batch_digest");
  SLUICE_CHECK(row.status());
  return applied == plan.batch_digest;
}

Status tell(notify::contract::NotificationQueue& queue, sql::Session& session, const domain::NewPlan& plan,
            std::int64_t revision) {
  notify::contract::Notification ready;
  ready.event = notify::contract::Event::kPlanReady;
  ready.environment = plan.environment.str();
  ready.change_id = plan.change_id.str();
  ready.issue = plan.news->issue;
  ready.actor = plan.requester;
  ready.summary = plan.news->summary;
  ready.facts = {{"revision", revision}, {"digest", plan.digest}, {"requiredApprovals", plan.required_approvals}};
  return queue.enqueue(session, ready);
}

Result<std::int64_t> append_to(sql::Session& session, const domain::NewPlan& plan,
                               notify::contract::NotificationQueue* queue) {
  SLUICE_TRY(const sql::Rows rows, session.query(kOpenChange, {plan.change_id.str(), plan.kind, plan.environment.str(),
                                                               plan.requester.id, plan.created_at}));
  SLUICE_TRY(const domain::StoredChange change, read_change(rows.row(0)));
  const bool is_another = change.kind != plan.kind || (plan.kind == domain::kTopicsPlan && change.environment != plan.environment);
  if (change.revision > 0 && is_another) return application::errors::change_of_another(plan.change_id);
  SLUICE_TRY(const bool alike, stays_approved(session, change, plan));
  SLUICE_TRY(const bool done, stays_applied(session, change, plan));
  const auto next = domain::after(change.state, done    ? domain::ChangeStep::kPlanDone
                                                : alike ? domain::ChangeStep::kPlanAlike
                                                        : domain::ChangeStep::kPlan);
  if (!next) return application::errors::change_in_progress(plan.change_id);
  SLUICE_TRY(const std::int64_t revision, insert_plan(session, plan));
  if (done) {
    SLUICE_CHECK(session.execute(kTouch, {plan.change_id.str(), plan.created_at}));
    return revision;
  }
  SLUICE_CHECK(session.execute(kPlanned, {plan.change_id.str(), plan.kind, plan.environment.str(),
                                          domain::to_string(*next), revision, plan.digest, plan.requester.id,
                                          plan.created_at}));
  // A pipeline plans the same again and again: told once for each content.
  const bool is_new = plan.news && change.digest != plan.digest;
  if (queue != nullptr && is_new) SLUICE_CHECK(tell(*queue, session, plan, revision));
  return revision;
}

}  // namespace

Result<std::int64_t> SqlPlanRepository::append(const domain::NewPlan& plan) {
  return database_.transaction([&](sql::Session& session) { return append_to(session, plan, queue_); });
}

Result<std::optional<domain::StoredPlan>> SqlPlanRepository::find(const domain::ChangeId& change,
                                                                  std::optional<std::int64_t> revision) {
  return database_.transaction([&](sql::Session& session) { return find_plan(session, change, revision); });
}

Result<std::int64_t> SqlPlanRepository::drop_older_than(TimePoint limit) {
  return database_.transaction([&](sql::Session& session) -> Result<std::int64_t> {
    SLUICE_CHECK(session.execute(kDropOldChanges, {limit}));
    return session.execute(kDropOldPlans, {limit});
  });
}

}  // namespace sluice::governance::infrastructure
