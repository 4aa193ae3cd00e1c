#include "governance/infrastructure/plan_rows.h"

#include <string_view>

namespace sluice::governance::infrastructure {
namespace {

constexpr std::string_view kFindNewest = R"(
SELECT * FROM governance_plans WHERE change_id = $1 ORDER BY revision DESC LIMIT 1)";

constexpr std::string_view kFindRevision = R"(
SELECT * FROM governance_plans WHERE change_id = $1 AND revision = $2)";

}  // namespace

Result<std::optional<domain::StoredPlan>> find_plan(sql::Session& session, const domain::ChangeId& change,
                                                    std::optional<std::int64_t> revision) {
  SLUICE_TRY(const sql::Rows rows, revision ? session.query(kFindRevision, {change.str(), *revision})
                                            : session.query(kFindNewest, {change.str()}));
  if (rows.empty()) return std::optional<domain::StoredPlan>();
  sql::Row row = rows.row(0);
  domain::StoredPlan plan{{change,
                           domain::EnvironmentName{row.text("environment")},
                           Actor{row.text("requester"), row.text("requester_owner"), row.text("requester_issuer"), row.text("requester_token_id")},
                           row.text("digest"),
                           row.text("document"),
                           row.time("created_at_ms"),
                           row.text("kind"),
                           row.text("cluster_id"),
                           row.text("policy_version"),
                           row.text("policy_digest"),
                           row.text("live_fingerprint"),
                           row.text("batch"),
                           row.text("batch_digest"),
                           row.integer("required_approvals")},
                          row.integer("revision")};
  SLUICE_CHECK(row.status());
  return std::optional(std::move(plan));
}

}  // namespace sluice::governance::infrastructure
