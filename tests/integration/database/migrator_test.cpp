#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "db/migrations.h"
#include "platform/sql/migrator.h"
#include "support/test_database.h"

namespace sluice::sql {
namespace {

using State = MigrationState;

Deadline soon() { return Deadline::after(std::chrono::seconds{30}); }

class MigratorOn : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override { test_database_ = test::make_test_database(GetParam()); }
  Database& database() { return test_database_->database(); }

  Migrator migrator(std::span<const MigrationSource> sources) {
    auto migrations = parse_migrations(sources, GetParam());
    EXPECT_TRUE(migrations) << (migrations ? "" : migrations.error().describe());
    return Migrator(database(), migrations.value_or(std::vector<Migration>{}), clock_);
  }
  void must_up(std::span<const MigrationSource> sources) {
    const auto done = migrator(sources).up(soon());
    ASSERT_TRUE(done) << done.error().describe();
  }
  std::string code_of_up(std::span<const MigrationSource> sources) {
    const auto done = migrator(sources).up(soon());
    return done ? "" : done.error().code;
  }
  std::string code_of_check(std::span<const MigrationSource> sources) {
    const auto status = migrator(sources).check(soon());
    return status ? "" : status.error().code;
  }
  bool has_table(const std::string& name) {
    return database().query("SELECT 1 FROM " + name).has_value();
  }

  ManualClock clock_{TimePoint{std::chrono::milliseconds{1'700'000'000'123}}};
  std::unique_ptr<test::TestDatabase> test_database_;
};

const std::vector<MigrationSource> kOne{{"0001_a", "CREATE TABLE a (x bigint);"}};
const std::vector<MigrationSource> kTwo{{"0001_a", "CREATE TABLE a (x bigint);"},
                                        {"0002_b", "CREATE TABLE b (x bigint);"}};
const std::vector<MigrationSource> kTwoForOldReaders{
    {"0001_a", "CREATE TABLE a (x bigint);"},
    {"0002_b", "-- min-reader: 1\nCREATE TABLE b (x bigint);"}};
const std::vector<MigrationSource> kOneEdited{{"0001_a", "CREATE TABLE a (x text);"}};
const std::vector<MigrationSource> kSecondBroken{
    {"0001_a", "CREATE TABLE a (x bigint);"},
    {"0002_b", "CREATE TABLE b (x bigint); INSERT INTO nowhere VALUES (1);"}};

TEST_P(MigratorOn, AppliesWhatIsPendingInOrderAndOnce) {
  EXPECT_EQ(migrator(kOne).up(soon()).value(), std::vector<std::int64_t>{1});
  clock_.advance(std::chrono::seconds{1});
  EXPECT_EQ(migrator(kTwo).up(soon()).value(), std::vector<std::int64_t>{2});
  EXPECT_EQ(migrator(kTwo).up(soon()).value(), std::vector<std::int64_t>{});
  const auto status = migrator(kTwo).status(soon()).value();
  ASSERT_EQ(status.size(), 2U);
  EXPECT_EQ(status[0].name, "a");
  EXPECT_EQ(status[0].state, State::kApplied);
  EXPECT_EQ(*status[1].applied_at - *status[0].applied_at, std::chrono::seconds{1});
}

TEST_P(MigratorOn, ShowsWhatIsPendingAndWhatItDoesNotKnow) {
  EXPECT_EQ(migrator(kOne).status(soon()).value().at(0).state, State::kPending);
  must_up(kTwo);
  const auto older = migrator(kOne).status(soon()).value();
  ASSERT_EQ(older.size(), 2U);
  EXPECT_EQ(older[0].state, State::kApplied);
  EXPECT_EQ(older[1].state, State::kUnknown);
}

TEST_P(MigratorOn, ChecksThatAStartingProgramCanWorkWithTheSchema) {
  EXPECT_EQ(code_of_check(kOne), "migrate.pending");
  must_up(kOne);
  EXPECT_EQ(code_of_check(kOne), "");
  EXPECT_EQ(code_of_check(kTwo), "migrate.pending");
}

TEST_P(MigratorOn, RefusesASchemaNewerThanTheProgram) {
  must_up(kTwo);
  EXPECT_EQ(code_of_check(kOne), "migrate.newer-schema");
  EXPECT_EQ(code_of_up(kOne), "migrate.newer-schema");
}

TEST_P(MigratorOn, LetsAnOlderProgramRunBesideAnExpandedSchema) {
  must_up(kTwoForOldReaders);
  EXPECT_EQ(code_of_check(kOne), "");
  EXPECT_EQ(code_of_up(kOne), "");
}

TEST_P(MigratorOn, RefusesAMigrationEditedAfterItsRelease) {
  must_up(kOne);
  EXPECT_EQ(code_of_check(kOneEdited), "migrate.checksum-mismatch");
  EXPECT_EQ(code_of_up(kOneEdited), "migrate.checksum-mismatch");
}

TEST_P(MigratorOn, RefusesAHistoryWithAGap) {
  must_up(kTwo);
  ASSERT_TRUE(database().execute("DELETE FROM schema_migrations WHERE version = 1"));
  EXPECT_EQ(code_of_up(kTwo), "migrate.out-of-order");
}

TEST_P(MigratorOn, LeavesNothingOfAFailedMigrationAndKeepsThoseBefore) {
  const auto done = migrator(kSecondBroken).up(soon());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "sql.statement");
  EXPECT_NE(done.error().message.find("migration 2 (b) failed"), std::string::npos);
  EXPECT_TRUE(has_table("a"));
  EXPECT_FALSE(has_table("b"));
  EXPECT_EQ(migrator(kTwo).up(soon()).value(), std::vector<std::int64_t>{2});
}

TEST_P(MigratorOn, GivesUpAtTheDeadlineWhileAnotherIsAtIt) {
  auto other = database().open_schema_session(soon());
  ASSERT_TRUE(other) << other.error().describe();
  const auto done = migrator(kOne).up(Deadline::after(std::chrono::seconds{3}));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "migrate.busy") << done.error().describe();
  other->reset();
  EXPECT_TRUE(migrator(kOne).up(soon()));
}

TEST_P(MigratorOn, BringsTheProductsTables) {
  must_up(db::migrations());
  EXPECT_EQ(code_of_check(db::migrations()), "");
  const std::string document = R"({"z":1,  "a":"ü\n", "n":1.50})";
  const auto inserted = database().execute(
      "INSERT INTO governance_plans (change_id, revision, digest, environment, requester,"
      " created_at_ms, document) VALUES ($1, $2, $3, $4, $5, $6, $7)",
      {"c1", 1, "d", "prod", "alice", clock_.now(), document});
  ASSERT_TRUE(inserted) << inserted.error().describe();
  const auto rows = database().query("SELECT * FROM governance_plans WHERE change_id = $1", {"c1"});
  Row row = rows->row(0);
  EXPECT_EQ(row.text("document"), document) << "byte for byte";
  EXPECT_EQ(row.time("created_at_ms"), clock_.now());
  EXPECT_TRUE(row.status());
  const auto token = database().execute(
      "INSERT INTO auth_service_tokens (id, principal, owner, secret_sha256, grants, created_at_ms,"
      " expires_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)",
      {"t1", "ci", "alice", "abc", "[]", clock_.now(), clock_.now()});
  EXPECT_TRUE(token) << token.error().describe();
}

INSTANTIATE_TEST_SUITE_P(Databases, MigratorOn,
                         testing::Values(Dialect::kSqlite, Dialect::kPostgres),
                         [](const auto& each) { return std::string(to_string(each.param)); });

}  // namespace
}  // namespace sluice::sql
