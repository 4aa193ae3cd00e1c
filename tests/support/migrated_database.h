// A fresh database of either kind with all migrations applied, for repository suites.
#pragma once

#include <gtest/gtest.h>

#include "db/migrations.h"
#include "platform/sql/migrator.h"
#include "support/test_database.h"

namespace sluice::test {

template <sql::Dialect dialect>
class MigratedDatabase {
 public:
  MigratedDatabase() {
    auto migrations = sql::parse_migrations(db::migrations(), dialect);
    EXPECT_TRUE(migrations) << migrations.error().describe();
    sql::Migrator migrator(database(), std::move(*migrations), clock_);
    const auto applied = migrator.up(Deadline::after(std::chrono::seconds{30}));
    EXPECT_TRUE(applied) << applied.error().describe();
  }
  sql::Database& database() { return test_database_->database(); }

 private:
  ManualClock clock_{TimePoint{std::chrono::seconds{1'700'000'000}}};
  std::unique_ptr<TestDatabase> test_database_ = make_test_database(dialect);
};

}  // namespace sluice::test
