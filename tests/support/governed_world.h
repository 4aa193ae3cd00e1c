// Plan, approval and apply as they follow each other in the server, on the model and a real database: an
// apply begins with what the gate lets through, and with nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "governance/application/changes/approval_gate.h"
#include "governance/application/changes/decide_change.h"
#include "governance/infrastructure/changes/signed_approvals.h"
#include "governance/infrastructure/changes/sql_change_repository.h"
#include "platform/auth/signing_keys.h"
#include "support/apply_world.h"
#include "support/migrated_database.h"
#include "support/model_cluster.h"

namespace sluice::test {

template <sql::Dialect kDialect>
class GovernedWorldOn {
 public:
  explicit GovernedWorldOn(governance::domain::PolicySet policies)
      : apply_(database_.database(), model_, model_, std::move(policies)) {
    const auto key = auth::generate_signing_key(keys_folder_.path("keys"), clock_);
    EXPECT_TRUE(key) << key.error().describe();
    apply_.options().settle_deadline = std::chrono::milliseconds{200};
  }

  Result<governance::application::KeptPlan> plan(const governance::domain::ChangeId& change,
                                                 std::vector<governance::domain::TopicItem> items,
                                                 const Actor& requester) {
    return apply_.planner().dry_run({governance::domain::EnvironmentName{"dev"}, change, std::move(items)},
                                    requester, ApplyWorld::soon());
  }
  Result<governance::application::Approved> approve(const governance::domain::ChangeId& change,
                                                    const std::string& digest, const Actor& approver) {
    return decisions_.approve(change, digest, "", anybody(approver), ApplyWorld::soon());
  }
  // Through the gate by the token, or by the change's recorded signatures; then to the end.
  Result<governance::domain::Execution> apply(const governance::domain::ChangeId& change,
                                              const std::optional<std::string>& token = {}) {
    SLUICE_TRY(const auto passed, token ? gate_.by_token(*token, ApplyWorld::soon())
                                        : gate_.by_change(change, ApplyWorld::soon()));
    const auto& plan = passed.plan;
    return apply_.apply({plan.change_id, plan.revision, plan.digest, passed.approval_id, plan.environment,
                         plan.cluster_id, plan.policy_digest, plan.policy_version, plan.batch, plan.document,
                         passed.current});
  }
  std::optional<governance::domain::ChangeFile> file(const governance::domain::ChangeId& change) {
    auto found = changes_.find(change, ApplyWorld::soon());
    EXPECT_TRUE(found) << found.error().describe();
    return found ? std::move(*found) : std::nullopt;
  }

  static governance::application::Caller anybody(const Actor& actor) {
    return {actor, "request-1",
            [](governance::application::Right, std::string_view, std::string_view) { return true; }};
  }

  ModelCluster& model() { return model_; }
  ApplyWorld& applies() { return apply_; }
  governance::application::DecideChange& decisions() { return decisions_; }
  sql::Database& database() { return database_.database(); }

 private:
  SystemClock clock_;
  UuidV7Source ids_{clock_};
  TemporaryFolder keys_folder_;
  MigratedDatabase<kDialect> database_;
  ModelCluster model_;
  ApplyWorld apply_;
  auth::SigningKeys keys_{keys_folder_.path("keys"), clock_};
  governance::infrastructure::SignedApprovals seal_{keys_};
  audit::infrastructure::SqlAuditTrail trail_{database_.database(), clock_};
  governance::infrastructure::SqlPlanRepository plans_{database_.database()};
  governance::infrastructure::SqlChangeRepository changes_{database_.database(), trail_, nullptr};
  governance::application::DecideChange decisions_{
      {changes_, apply_.policies(), seal_, trail_, ids_, clock_}};
  governance::application::ApprovalGate gate_{changes_, plans_, apply_.policies(), seal_, clock_};
};

using GovernedWorld = GovernedWorldOn<sql::Dialect::kSqlite>;

}  // namespace sluice::test
