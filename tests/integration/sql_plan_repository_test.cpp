// The suite of every plan repository, on the real databases with the real migrations (G10).
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

}  // namespace
}  // namespace sluice::test
