// The policy document's versions on both databases with the real migrations and the real audit trail
// (G14, G2): preconditions, four eyes for protected environments, agreement between processes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "audit/infrastructure/sql_audit_trail.h"
#include "governance/application/policies/manage_policies.h"
#include "governance/infrastructure/policy/sql_policy_ledger.h"
#include "governance/infrastructure/policy_reader.h"
#include "governance/infrastructure/sql_plan_repository.h"
#include "platform/text/json.h"
#include "platform/text/yaml.h"
#include "support/migrated_database.h"

namespace sluice::governance {
namespace {

using application::ApprovedChange;
using application::PolicyAnswer;
using application::PolicyRequest;
using domain::EnvironmentName;

Result<application::ReadDocument> read(std::string_view text) {
  SLUICE_TRY(const text::Node document, text::parse_yaml(text));
  SLUICE_TRY(auto policies, infrastructure::read_policy_set(document));
  return application::ReadDocument{std::make_shared<const domain::PolicySet>(std::move(policies)), text::to_json(document)};
}

std::string document(const std::string& label, const std::string& dev_max, const std::string& prod_min = "7d") {
  return "kind: PolicySet\nversion: \"" + label + "\"\nenvironments: [dev, prod]\nrules:\n" +
         "  - {rule: guardrail.retention, scope: {environments: [dev]}, max: " + dev_max + "}\n" +
         "  - {rule: guardrail.retention, scope: {environments: [prod]}, min: " + prod_min + "}\n" +
         "approvals: {required: {default: 1, prod: 2}}\n";
}

Deadline soon() { return Deadline::after(std::chrono::seconds{20}); }

application::Environments dev_and_prod() {
  application::GovernedEnvironment dev;
  dev.name = EnvironmentName("dev");
  application::GovernedEnvironment prod;
  prod.name = EnvironmentName("prod");
  prod.is_protected = true;
  return application::Environments({dev, prod});
}

// One process: its own store and use cases, on a database that others may share.
class Process {
 public:
  explicit Process(sql::Database& database)
      : trail_(database, clock_),
        ledger_(database, trail_),
        plans_(database),
        store_(std::make_shared<const domain::PolicySet>(), ledger_, read),
        environments_(dev_and_prod()),
        manage({.ledger = ledger_,
                .store = store_,
                .read = read,
                .environments = environments_,
                .plans = plans_,
                .approvals = {.by_token = [this](std::string_view token, Deadline) { return by_token(token); },
                              .by_change = [this](const domain::ChangeId& change, Deadline) { return approved(change); }},
                .clock = clock_}) {}

  Result<PolicyAnswer> put(const std::string& text, std::optional<std::int64_t> if_match, const std::string& token = "") {
    return manage.put({text, if_match, token, {"kim", "kim@example.com", "", ""}, "request-1"}, soon());
  }
  std::string digest_in_force() { return store_.in_force(soon()).value()->digest; }

 private:
  Result<ApprovedChange> by_token(std::string_view token) { return approved(domain::ChangeId(std::string(token))); }
  // Stands in for the gate: what the database says is approved.
  Result<ApprovedChange> approved(const domain::ChangeId& change) {
    SLUICE_TRY(const auto plan, plans_.find(change, std::nullopt));
    if (!plan) return Error{ErrorKind::kNotFound, "change.not-found", "no", "", {}};
    return ApprovedChange{*plan, "a1", {}, TimePoint{}, false, true};
  }

  ManualClock clock_{TimePoint{std::chrono::seconds{1'800'000'000}}};
  audit::infrastructure::SqlAuditTrail trail_;
  infrastructure::SqlPolicyLedger ledger_;
  infrastructure::SqlPlanRepository plans_;
  application::PolicyStore store_;
  application::Environments environments_;

 public:
  application::ManagePolicies manage;
};

template <typename Dialect>
class PolicyVersions : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(first_.manage.seed(document("1", "3d"), soon())); }
  sql::Database& database() { return database_.database(); }
  std::int64_t count(const std::string& sql) {
    const auto rows = database().query(sql);
    EXPECT_TRUE(rows) << rows.error().describe();
    return rows->row(0).integer("n");
  }
  void approve(const domain::ChangeId& change) {
    ASSERT_EQ(database().execute("UPDATE governance_changes SET state = 'APPROVED' WHERE change_id = $1", {change.str()}).value(), 1);
  }

  test::MigratedDatabase<Dialect::value> database_;
  Process first_{database()};
  Process second_{database()};
};

using Dialects = testing::Types<std::integral_constant<sql::Dialect, sql::Dialect::kPostgres>,
                                std::integral_constant<sql::Dialect, sql::Dialect::kSqlite>>;
TYPED_TEST_SUITE(PolicyVersions, Dialects);

TYPED_TEST(PolicyVersions, AreSeededOnce) {
  ASSERT_TRUE(this->second_.manage.seed(document("other", "1d"), soon()));
  const auto version = this->second_.manage.in_force(soon()).value();
  EXPECT_EQ(version.version, 1);
  EXPECT_EQ(version.label, "1");
  EXPECT_EQ(version.document, document("1", "3d"));
  EXPECT_EQ(version.author.id, "system:bootstrap");
  EXPECT_EQ(this->count("SELECT CAST(count(*) AS bigint) AS n FROM audit_records WHERE action = 'policy.seed'"), 2);
}

TYPED_TEST(PolicyVersions, ChangeFromTheVersionInForceOnly) {
  EXPECT_EQ(this->first_.put(document("2", "4d"), std::nullopt).error().code, "policy.precondition-required");
  EXPECT_EQ(this->first_.put(document("2", "4d"), 2).error().code, "policy.precondition-failed");
  EXPECT_EQ(this->first_.put("kind: PolicySet\n", 1).error().code, "policy.invalid");
  EXPECT_EQ(this->first_.put(document("2", "4d"), 1).value().in_force->version, 2);
  EXPECT_EQ(this->first_.put(document("3", "5d"), 1).error().code, "policy.precondition-failed");
  EXPECT_EQ(this->count("SELECT CAST(count(*) AS bigint) AS n FROM governance_policies"), 2);
}

TYPED_TEST(PolicyVersions, AreTheSameInEveryProcess) {
  const auto before = this->second_.digest_in_force();
  ASSERT_TRUE(this->first_.put(document("2", "4d"), 1));
  EXPECT_NE(this->second_.digest_in_force(), before);
  EXPECT_EQ(this->second_.digest_in_force(), this->first_.digest_in_force());
}

TYPED_TEST(PolicyVersions, OneOfManyAtOnceWins) {
  std::atomic<int> won = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      Process process(this->database());
      const auto answer = process.put(document("2", std::to_string(4 + i) + "d"), 1);
      if (answer) ++won;
      else EXPECT_THAT(answer.error().code, testing::AnyOf("policy.version-taken", "policy.precondition-failed", "sql.conflict"));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(this->count("SELECT CAST(max(version) AS bigint) AS n FROM governance_policies"), 2);
}

TYPED_TEST(PolicyVersions, NeedAnApprovalWhereTheyTouchAProtectedEnvironment) {
  const auto answer = this->first_.put(document("2", "3d", "14d"), 1).value();
  ASSERT_FALSE(answer.in_force);
  EXPECT_EQ(answer.required_approvals, 2);
  EXPECT_EQ(answer.touched, std::vector{EnvironmentName("prod")});
  EXPECT_EQ(this->first_.manage.in_force(soon())->version, 1);
  // Not approved yet: whoever holds something like a token puts nothing in force.
  EXPECT_EQ(this->first_.put(document("2", "3d", "14d"), 1, answer.change_id.str()).error().code, "change.not-approved");
  EXPECT_EQ(this->first_.manage.in_force(soon())->version, 1);

  this->approve(answer.change_id);
  // Another document than the approved one.
  EXPECT_EQ(this->first_.put(document("2", "3d", "1d"), 1, answer.change_id.str()).error().code, "policy.other-document");
  const auto version = this->first_.manage.apply(answer.change_id, {}, soon());
  ASSERT_TRUE(version) << version.error().describe();
  EXPECT_EQ(version->version, 2);
  EXPECT_EQ(version->change_id, answer.change_id.str());
  EXPECT_EQ(this->count("SELECT CAST(count(*) AS bigint) AS n FROM governance_changes WHERE state = 'APPLIED'"), 1);
  EXPECT_EQ(this->count("SELECT CAST(count(*) AS bigint) AS n FROM audit_records WHERE action = 'policy.update' AND environment = 'prod'"), 1);
  // An approval is good for once.
  EXPECT_FALSE(this->first_.manage.apply(answer.change_id, {}, soon()));
}

// Another server may govern it, and protect it.
TYPED_TEST(PolicyVersions, NeedAnApprovalWhereNobodyHereGoverns) {
  std::string text = document("2", "3d");
  text.replace(text.find("[dev, prod]"), 11, "[dev, live, prod]");
  const auto answer = this->first_.put(text, 1).value();
  ASSERT_FALSE(answer.in_force);
  EXPECT_EQ(answer.touched, (std::vector{EnvironmentName("live"), EnvironmentName("prod")}));
}

TYPED_TEST(PolicyVersions, AnotherVersionMeanwhileVoidsTheApproval) {
  const auto answer = this->first_.put(document("2", "3d", "14d"), 1).value();
  this->approve(answer.change_id);
  ASSERT_TRUE(this->first_.put(document("1b", "9d"), 1));
  EXPECT_EQ(this->first_.manage.apply(answer.change_id, {}, soon()).error().code, "policy.precondition-failed");
  EXPECT_EQ(this->first_.manage.in_force(soon())->label, "1b");
}

TYPED_TEST(PolicyVersions, AreListedAndCompared) {
  ASSERT_TRUE(this->first_.put(document("2", "4d"), 1));
  const auto history = this->first_.manage.history(100, 10, soon()).value();
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0].version, 2);
  EXPECT_EQ(history[0].document, "");
  EXPECT_EQ(this->first_.manage.history(2, 10, soon())->size(), 1U);
  const Json diff = this->first_.manage.diff(1, 2, soon()).value();
  EXPECT_EQ(diff["patch"].size(), 2U) << diff.dump();  // its name, and the bound
  EXPECT_EQ(this->first_.manage.diff(1, 3, soon()).error().code, "policy.version-not-found");
}

}  // namespace
}  // namespace sluice::governance
