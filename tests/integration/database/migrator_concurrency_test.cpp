// Many programs that start at once on one PostgreSQL database.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "platform/postgres/database.h"
#include "platform/sql/migrator.h"
#include "support/test_database.h"

namespace sluice::postgres {
namespace {

Deadline soon() { return Deadline::after(std::chrono::seconds{60}); }

// The second is the one that deadlocks with sessions that wait for the lock in the database.
const std::vector<sql::MigrationSource> kSources{
    {"0001_table", "CREATE TABLE t (x bigint); INSERT INTO t VALUES (1);"},
    {"0002_index", "-- no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS t_x ON t (x);"},
    {"0003_row", "INSERT INTO t VALUES (2);"}};

// How many migrations this call applied; -1 on failure.
int migrate(const PoolOptions& options) {
  Pool pool(options);
  Database database(pool);
  const SystemClock clock;
  auto migrations = sql::parse_migrations(kSources, sql::Dialect::kPostgres);
  sql::Migrator migrator(database, std::move(*migrations), clock);
  const auto done = migrator.up(soon());
  return done ? static_cast<int>(done->size()) : -1;
}

void expect_applied_once(const PoolOptions& options) {
  Pool pool(options);
  Database database(pool);
  const auto rows = database.query("SELECT count(*) AS n, sum(x)::bigint AS total FROM t");
  ASSERT_TRUE(rows) << rows.error().describe();
  EXPECT_EQ(rows->row(0).integer("n"), 2);
  EXPECT_EQ(rows->row(0).integer("total"), 3);
  const auto valid = database.query(
      "SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass('t_x')");
  EXPECT_TRUE(valid->row(0).boolean("valid"));
}

TEST(ConcurrentMigrators, ApplyEachMigrationOnceFromManyThreads) {
  const test::PostgresTestDatabase server;
  std::atomic<int> applied{0};
  std::atomic<int> failed{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&] {
        const int mine = migrate(server.pool_options());
        mine < 0 ? ++failed : applied += mine;
      });
    }
  }
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(applied, 3);
  expect_applied_once(server.pool_options());
}

TEST(ConcurrentMigrators, ApplyEachMigrationOnceFromManyProcesses) {
  const test::PostgresTestDatabase server;
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(migrate(server.pool_options()) + 1);
    children.push_back(child);
  }
  int applied = 0;
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_GT(WEXITSTATUS(status), 0) << "a migrator failed";
    applied += WEXITSTATUS(status) - 1;
  }
  EXPECT_EQ(applied, 3);
  expect_applied_once(server.pool_options());
}

}  // namespace
}  // namespace sluice::postgres
