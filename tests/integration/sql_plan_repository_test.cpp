// The suite of every plan repository, on the real databases with the real migrations (G10).
#include "governance/application/changes/approval_decision.h"
#include "governance/infrastructure/sql_plan_repository.h"

#include "support/migrated_database.h"
#include "support/plan_repository_suite.h"

namespace sluice::test {
namespace {

template <sql::Dialect dialect>
class SqlStore {
 public:
  governance::domain::PlanRepository& repository() { return repository_; }

 private:
  MigratedDatabase<dialect> database_;
  governance::infrastructure::SqlPlanRepository repository_{database_.database()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, PlanRepositorySuite, SqlStore<sql::Dialect::kPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, PlanRepositorySuite, SqlStore<sql::Dialect::kSqlite>);

class RecordingQueue final : public notify::contract::NotificationQueue {
 public:
  Status enqueue(sql::Session&, const notify::contract::Notification& notification) override {
    told.push_back(notification.change_id + ": " + notification.summary);
    return {};
  }
  std::vector<std::string> told;
};

governance::domain::NewPlan plan_with(const char* change, const char* digest, const char* summary) {
  governance::domain::NewPlan plan;
  plan.change_id = governance::domain::ChangeId(change);
  plan.environment = governance::domain::EnvironmentName("prod");
  plan.requester = {"kim", "kim", "kim", ""};
  plan.digest = digest;
  plan.document = std::string(R"({"summary": )") + summary + "}";
  plan.news = governance::application::plan_news(Json::parse(plan.document));
  plan.created_at = TimePoint{std::chrono::seconds{1'700'000'000}};
  return plan;
}

// G13: a change is told about when there is something new to approve, not at every run of a pipeline.
template <sql::Dialect dialect>
void tells_of_new_plans_only() {
  MigratedDatabase<dialect> database;
  RecordingQueue queue;
  governance::infrastructure::SqlPlanRepository plans(database.database(), &queue);
  for (const auto& plan : {plan_with("a", "d1", R"({"create": 1})"), plan_with("a", "d1", R"({"create": 1})"),
                           plan_with("a", "d2", R"({"create": 2, "warn": 1})"), plan_with("b", "d3", R"({"none": 4})"),
                           plan_with("c", "d4", R"({"delete": 1, "block": 1})")}) {
    const auto revision = plans.append(plan);
    ASSERT_TRUE(revision) << revision.error().describe();
  }
  EXPECT_EQ(queue.told, (std::vector<std::string>{"a: 1 create", "a: 2 creates; 1 warning"}));
}
TEST(PlanReady, IsToldOncePerContentOnPostgres) { tells_of_new_plans_only<sql::Dialect::kPostgres>(); }
TEST(PlanReady, IsToldOncePerContentOnSqlite) { tells_of_new_plans_only<sql::Dialect::kSqlite>(); }

}  // namespace
}  // namespace sluice::test
