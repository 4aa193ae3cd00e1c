#include "governance/infrastructure/sql_plan_repository.h"

#include <string_view>

namespace sluice::governance::infrastructure {
namespace {

// Two dry-runs of one change at once want the same revision: the primary key lets one through, and
// the other counts again.
constexpr std::string_view kAppend = R"(
INSERT INTO governance_plans
  (change_id, revision, digest, environment, requester, created_at_ms, document)
SELECT $1, coalesce(max(revision), 0) + 1, $2, $3, $4, $5, $6
  FROM governance_plans WHERE change_id = $1
RETURNING revision)";

constexpr std::string_view kFindNewest = R"(
SELECT revision, digest, environment, requester, created_at_ms, document
  FROM governance_plans WHERE change_id = $1
 ORDER BY revision DESC LIMIT 1)";

constexpr std::string_view kFindRevision = R"(
SELECT revision, digest, environment, requester, created_at_ms, document
  FROM governance_plans WHERE change_id = $1 AND revision = $2)";

constexpr std::string_view kDropOld = R"(
DELETE FROM governance_plans WHERE change_id IN (
  SELECT change_id FROM governance_plans GROUP BY change_id HAVING max(created_at_ms) < $1))";

constexpr int kAppendAttempts = 20;

}  // namespace

Result<std::int64_t> SqlPlanRepository::append(const domain::NewPlan& plan) {
  const sql::Params params{plan.change_id.str(), plan.digest,     plan.environment.str(),
                           plan.requester,       plan.created_at, plan.document};
  for (int attempt = 1;; ++attempt) {
    const auto rows = database_.query(kAppend, params);
    if (!rows) {
      const bool taken = rows.error().code == "sql.unique-violation";
      if (!taken || attempt == kAppendAttempts) return Error(rows.error());
      continue;
    }
    sql::Row row = rows->row(0);
    const std::int64_t revision = row.integer("revision");
    SLUICE_CHECK(row.status());
    return revision;
  }
}

Result<std::optional<domain::StoredPlan>> SqlPlanRepository::find(const domain::ChangeId& change,
                                                                  std::optional<std::int64_t> revision) {
  SLUICE_TRY(const sql::Rows rows, revision ? database_.query(kFindRevision, {change.str(), *revision})
                                            : database_.query(kFindNewest, {change.str()}));
  if (rows.empty()) return std::optional<domain::StoredPlan>();
  sql::Row row = rows.row(0);
  domain::StoredPlan plan{change,
                          row.integer("revision"),
                          domain::EnvironmentName{row.text("environment")},
                          row.text("requester"),
                          row.text("digest"),
                          row.text("document"),
                          row.time("created_at_ms")};
  SLUICE_CHECK(row.status());
  return std::optional(std::move(plan));
}

Result<std::int64_t> SqlPlanRepository::drop_older_than(TimePoint limit) {
  return database_.execute(kDropOld, {limit});
}

}  // namespace sluice::governance::infrastructure
