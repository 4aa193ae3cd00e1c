// Everything that decides about a change, on a real database with the real keys and audit trail.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>

#include "audit/infrastructure/sql_audit_trail.h"
#include "governance/application/changes/approval_gate.h"
#include "governance/application/changes/decide_change.h"
#include "governance/application/changes/show_changes.h"
#include "governance/application/plan_digest.h"
#include "governance/infrastructure/changes/change_rows.h"
#include "governance/infrastructure/changes/signed_approvals.h"
#include "governance/infrastructure/changes/sql_change_repository.h"
#include "governance/infrastructure/sql_plan_repository.h"
#include "platform/auth/signing_keys.h"
#include "platform/core/canonical_json.h"
#include "platform/core/sha256.h"
#include "support/migrated_database.h"

namespace sluice::test {

using governance::application::ApprovalGate;
using governance::application::Approved;
using governance::application::ApprovedChange;
using governance::application::Caller;
using governance::application::DecideChange;
using governance::application::Right;
using governance::domain::ChangeId;
using governance::domain::ChangeState;
using governance::domain::EnvironmentName;
using governance::domain::NewPlan;

inline Deadline soon() { return Deadline::after(std::chrono::seconds{20}); }
inline const ChangeId kChange{"OPS-7"};

// May everything; who may less is a test's own.
inline Caller caller(const std::string& id, const std::string& owner = "", const std::string& issuer = "") {
  return {{id, owner, issuer, ""}, "request-1", [](Right, std::string_view, std::string_view) { return true; }};
}

template <sql::Dialect kDialect>
class ApprovalBench {
 public:
  ApprovalBench() {
    const auto key = auth::generate_signing_key(keys_folder(), clock);
    EXPECT_TRUE(key) << key.error().describe();
    governance::domain::PolicySet set;
    set.version = "7";
    set.digest = "policy-digest";
    policies.emplace(std::move(set));
    decisions.emplace(DecideChange::Services{changes, *policies, seal, trail, ids, clock});
    gate.emplace(changes, plans, *policies, seal, clock);
  }

  [[nodiscard]] std::string keys_folder() const { return folder.path("keys"); }

  // A plan of `content`, which its digest is of, asked for by `requester`.
  std::string plan(const std::string& content, const Actor& requester = {"kim", "kim", "", ""}, int required = 1,
                   int blocking = 0) {
    Json document{{"env", "prod"},
                  {"plan", {{{"name", "prod.orders." + content}}}},
                  {"summary", {{"create", 1}, {"block", blocking}}}};
    const std::string digest = governance::application::document_digest(document);
    document["digest"] = digest;
    NewPlan plan{.change_id = kChange,
                 .environment = EnvironmentName{"prod"},
                 .requester = requester,
                 .digest = digest,
                 .document = document.dump(),
                 .created_at = clock.now(),
                 .cluster_id = "cluster-1",
                 .policy_version = "7",
                 .policy_digest = "policy-digest",
                 .live_fingerprint = "live",
                 .batch = "{}",
                 .batch_digest = json_digest(Json::object()),
                 .required_approvals = required};
    clock.advance(std::chrono::milliseconds{1});
    const auto revision = plans.append(plan);
    EXPECT_TRUE(revision) << revision.error().describe();
    return digest;
  }
  // A change of policies that touches these environments, filed under the first.
  std::string plan_policies(const std::vector<std::string>& touched, int required = 1) {
    Json document{{"kind", "policies"},       {"env", touched.front()},       {"touched", touched},
                  {"plan", Json::array()}, {"violations", Json::array()}};
    const std::string digest = json_digest(document);
    document["digest"] = digest;
    NewPlan plan{.change_id = kChange,
                 .environment = EnvironmentName{touched.front()},
                 .requester = {"kim", "kim", "", ""},
                 .digest = digest,
                 .document = document.dump(),
                 .created_at = clock.now(),
                 .kind = "policies",
                 .policy_version = "7",
                 .policy_digest = "policy-digest",
                 .batch = "{}",
                 .batch_digest = json_digest(Json::object()),
                 .required_approvals = required};
    const auto revision = plans.append(plan);
    EXPECT_TRUE(revision) << revision.error().describe();
    return digest;
  }
  Result<Approved> approve(const std::string& digest, const Caller& by) {
    clock.advance(std::chrono::milliseconds{1});
    return decisions->approve(kChange, digest, "looks right", by, soon());
  }
  std::string why(const Result<Approved>& approved) { return approved ? "" : approved.error().code; }
  [[nodiscard]] std::string gate_code(const Result<ApprovedChange>& passed) const {
    return passed ? "" : passed.error().code;
  }
  ChangeState state() { return changes.find(kChange, soon()).value()->change.state; }
  std::int64_t count(const std::string& table, const std::string& where = "1 = 1") {
    const auto rows = database.database().query("SELECT count(*) AS n FROM " + table + " WHERE " + where);
    EXPECT_TRUE(rows) << rows.error().describe();
    return rows->row(0).integer("n");
  }
  // As an apply does it.
  void start_execution(const std::string& approval_id) {
    const Status started = database.database().transaction([&](sql::Session& session) -> Status {
      SLUICE_TRY(const auto change, governance::infrastructure::lock_change(session, kChange));
      SLUICE_CHECK(governance::infrastructure::step_change(session, change, governance::domain::ChangeStep::kStart,
                                                           clock.now()));
      SLUICE_CHECK(session.execute(
          "INSERT INTO governance_executions (id, change_id, revision, digest, approval_id, environment, cluster_id, "
          "state, started_by, started_by_owner, request_id, started_at_ms, lease_owner, lease_epoch, lease_until_ms) "
          "VALUES ('e1', $1, $2, $3, $4, 'prod', 'cluster-1', 'RUNNING', 'kim', 'kim', 'r', 1, 'p', 1, 2)",
          {kChange.str(), change.revision, change.digest, approval_id}));
      return {};
    });
    EXPECT_TRUE(started) << started.error().describe();
  }

  TemporaryFolder folder;
  MigratedDatabase<kDialect> database;
  ManualClock clock{TimePoint{std::chrono::seconds{1'700'000'000}}};
  SequentialIdSource ids;
  auth::SigningKeys keys{keys_folder(), clock};
  governance::infrastructure::SignedApprovals seal{keys};
  audit::infrastructure::SqlAuditTrail trail{database.database(), clock};
  governance::infrastructure::SqlPlanRepository plans{database.database()};
  governance::infrastructure::SqlChangeRepository changes{database.database(), trail, nullptr};
  std::optional<governance::application::PolicyStore> policies;
  std::optional<DecideChange> decisions;
  std::optional<ApprovalGate> gate;
};

template <typename Bench>
class ApprovalTest : public testing::Test {
 protected:
  Bench bench_;
};
using BothDatabases =
    testing::Types<ApprovalBench<sql::Dialect::kPostgres>, ApprovalBench<sql::Dialect::kSqlite>>;

}  // namespace sluice::test
