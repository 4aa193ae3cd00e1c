#include "platform/postgres/transaction.h"

#include <atomic>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "integration/database/postgres_fixture.h"
#include "platform/postgres/database.h"

namespace sluice::postgres {
namespace {

class PostgresTransaction : public OnPostgres {
 protected:
  void SetUp() override {
    OnPostgres::SetUp();
    ask("CREATE TABLE t (id bigint PRIMARY KEY, n bigint NOT NULL)");
    ask("INSERT INTO t VALUES (1, 0), (2, 0)");
    pool_ = std::make_unique<Pool>(pool_options());
  }
  std::unique_ptr<Pool> pool_;
};

Status run(Connection& connection, const std::string& sql) {
  SLUICE_CHECK(connection.run_script(sql, soon()));
  return {};
}

TEST_F(PostgresTransaction, RunsTheVictimOfADeadlockAgain) {
  std::latch both_hold_one(2);
  std::atomic<int> runs{0};
  const auto add = [&](int first, int second) {
    bool first_run = true;
    return run_transaction(
        *pool_,
        [&](Connection& connection) -> Status {
          ++runs;
          SLUICE_CHECK(run(connection, "SET LOCAL deadlock_timeout = '10ms'"));
          SLUICE_CHECK(
              run(connection, "UPDATE t SET n = n + 1 WHERE id = " + std::to_string(first)));
          if (std::exchange(first_run, false)) both_hold_one.arrive_and_wait();
          return run(connection, "UPDATE t SET n = n + 1 WHERE id = " + std::to_string(second));
        },
        {.deadline = soon()});
  };
  Status other;
  std::jthread thread([&] { other = add(2, 1); });
  const Status mine = add(1, 2);
  thread.join();
  EXPECT_TRUE(mine) << (mine ? "" : mine.error().describe());
  EXPECT_TRUE(other) << (other ? "" : other.error().describe());
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(ask("SELECT sum(n) FROM t"), "4");
}

TEST_F(PostgresTransaction, GivesUpAfterTheLastAttempt) {
  int runs = 0;
  const auto status =
      run_transaction(*pool_,
                      [&](Connection& connection) {
                        ++runs;
                        return run(connection, "DO $$ BEGIN RAISE SQLSTATE '40001'; END $$");
                      },
                      {.deadline = soon(), .max_attempts = 3});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, "sql.conflict");
  EXPECT_EQ(runs, 3);
}

TEST_F(PostgresTransaction, RunsNothingElseAgain) {
  int runs = 0;
  const auto status = run_transaction(*pool_,
                                      [&](Connection& connection) {
                                        ++runs;
                                        return run(connection, "INSERT INTO t VALUES (1, 0)");
                                      },
                                      {.deadline = soon()});
  EXPECT_EQ(status.error().code, "sql.unique-violation");
  EXPECT_EQ(runs, 1);
}

TEST_F(PostgresTransaction, RunsAgainWhenTheSchemaChangedUnderAPreparedStatement) {
  Database database(*pool_);
  ASSERT_EQ(database.query("SELECT * FROM t WHERE id = 1").value().columns().size(), 2U);
  ask("ALTER TABLE t ADD COLUMN note text");
  const auto rows = database.query("SELECT * FROM t WHERE id = 1");
  ASSERT_TRUE(rows) << rows.error().describe();
  EXPECT_EQ(rows->columns().size(), 3U);
}

TEST_F(PostgresTransaction, SaysSoWhenTheConnectionBreaksDuringACommit) {
  int runs = 0;
  const auto status =
      run_transaction(*pool_,
                      [&](Connection& connection) -> Status {
                        ++runs;
                        SLUICE_CHECK(run(connection, "UPDATE t SET n = 7 WHERE id = 1"));
                        terminate(connection.backend_pid());
                        return {};
                      },
                      {.deadline = soon()});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, "sql.commit-unknown");
  EXPECT_EQ(runs, 1) << "never tried again blindly";
}

TEST_F(PostgresTransaction, SaysSoWhenTheDeadlinePassesDuringACommitThatTakesEffectAfterAll) {
  ASSERT_TRUE(pool_->acquire(soon())) << "so that connecting takes none of the deadline";
  int runs = 0;
  std::optional<Stopped> stopped;
  const auto status =
      run_transaction(*pool_,
                      [&](Connection& connection) -> Status {
                        ++runs;
                        SLUICE_CHECK(run(connection, "UPDATE t SET n = 7 WHERE id = 1"));
                        stopped.emplace(connection.backend_pid());
                        return {};
                      },
                      {.deadline = in_ms(3'000)});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, "sql.commit-unknown") << status.error().describe();
  EXPECT_EQ(status.error().kind, ErrorKind::kTimeout);
  EXPECT_EQ(runs, 1) << "never tried again blindly";
  stopped.reset();
  // This one had reached the server: it takes effect after all.
  EXPECT_TRUE(eventually([&] { return ask("SELECT n FROM t WHERE id = 1") == "7"; }));
}

TEST_F(PostgresTransaction, ReportsADeferredConstraintAtCommitAsWhatItIs) {
  ask("CREATE TABLE d (x bigint UNIQUE DEFERRABLE INITIALLY DEFERRED)");
  const auto status = run_transaction(
      *pool_,
      [](Connection& connection) { return run(connection, "INSERT INTO d VALUES (1), (1)"); },
      {.deadline = soon()});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, "sql.unique-violation");
}

TEST_F(PostgresTransaction, WaitsForALockNoLongerThanTheSessionAllows) {
  ASSERT_TRUE(admin_->run_script("BEGIN; UPDATE t SET n = 1 WHERE id = 1", soon()));
  PoolOptions options = pool_options();
  options.connection.lock_timeout = std::chrono::milliseconds{50};
  Pool impatient(options);
  const auto status = run_transaction(
      impatient,
      [](Connection& connection) { return run(connection, "UPDATE t SET n = 2 WHERE id = 1"); },
      {.deadline = soon()});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, "sql.timeout");
  EXPECT_NE(status.error().message.find("55P03"), std::string::npos);
}

}  // namespace
}  // namespace sluice::postgres
