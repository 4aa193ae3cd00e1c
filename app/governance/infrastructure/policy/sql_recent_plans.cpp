#include "governance/infrastructure/policy/sql_recent_plans.h"

namespace sluice::governance::infrastructure {
namespace {

constexpr std::string_view kSince = R"(
SELECT p.change_id, p.revision, p.environment, p.document, p.batch, p.created_at_ms
  FROM governance_plans p
 WHERE p.kind = 'topics' AND p.created_at_ms >= $1
   AND p.revision = (SELECT max(n.revision) FROM governance_plans n WHERE n.change_id = p.change_id)
 ORDER BY p.created_at_ms DESC, p.change_id COLLATE "C" LIMIT $2)";

}  // namespace

Result<std::vector<domain::StoredPlan>> SqlRecentPlans::since(TimePoint from, int limit, Deadline deadline) {
  sql::TransactionOptions options;
  options.deadline = deadline;
  SLUICE_TRY(const sql::Rows rows, database_.query(kSince, {from, limit}, options));
  std::vector<domain::StoredPlan> plans;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sql::Row row = rows.row(i);
    domain::StoredPlan plan;
    plan.change_id = domain::ChangeId(row.text("change_id"));
    plan.revision = row.integer("revision");
    plan.environment = domain::EnvironmentName(row.text("environment"));
    plan.document = row.text("document");
    plan.batch = row.text("batch");
    plan.created_at = row.time("created_at_ms");
    SLUICE_CHECK(row.status());
    plans.push_back(std::move(plan));
  }
  return plans;
}

}  // namespace sluice::governance::infrastructure
