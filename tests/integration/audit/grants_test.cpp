// G3, G10: on PostgreSQL the trail is append-only by grant as well: logged in as the role that Sluice
// works with, nothing can be changed, whatever becomes of the triggers.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "audit_fixture.h"
#include "platform/core/id_source.h"
#include "sluice/database_grants.h"
#include "support/servers.h"

namespace sluice::test {
namespace {

class GrantsTest : public testing::Test {
 protected:
  GrantsTest() : admin_pool_(server_.pool_options()), admin_(admin_pool_) {
    auto migrations = sql::parse_migrations(db::migrations(), sql::Dialect::kPostgres).value();
    EXPECT_TRUE(sql::Migrator(admin_, std::move(migrations), clock_).up(soon()));
    EXPECT_TRUE(admin_.execute(fmt::format("CREATE ROLE {} LOGIN PASSWORD 'secret-of-a-test'", role_)));
  }
  ~GrantsTest() override {
    (void)admin_.execute(fmt::format("DROP OWNED BY {}", role_));
    (void)admin_.execute(fmt::format("DROP ROLE {}", role_));
  }
  // The same server and database as that role.
  [[nodiscard]] postgres::PoolOptions as_role() const {
    auto options = server_.pool_options();
    const auto scheme = options.connection.url.find("://") + 3;
    const auto at = options.connection.url.find('@');
    options.connection.url.replace(scheme, at - scheme, role_ + ":secret-of-a-test");
    return options;
  }

  const SystemClock clock_;
  const std::string role_ = "sluice_app_" + random_hex(6);
  PostgresTestDatabase server_;
  postgres::Pool admin_pool_;
  postgres::Database admin_;
};

TEST_F(GrantsTest, TheRoleAddsAndReadsRecordsAndNothingElse) {
  const Status granted = grant_application_role(admin_, role_, soon());
  ASSERT_TRUE(granted) << granted.error().describe();
  postgres::Pool pool(as_role());
  postgres::Database database(pool);
  audit::infrastructure::SqlAuditTrail trail(database, clock_);
  audit::infrastructure::SqlRecords records(database);
  const Status recorded = trail.record(entries("prod", 20), soon());
  ASSERT_TRUE(recorded) << recorded.error().describe();
  const auto verdict = audit::application::verify_chains(records, nullptr, soon());
  ASSERT_TRUE(verdict) << verdict.error().describe();
  EXPECT_TRUE(verdict->whole());
  EXPECT_EQ(verdict->chains.at(0).records, 20);

  ASSERT_TRUE(admin_.execute("ALTER TABLE audit_records DISABLE TRIGGER ALL"));
  ASSERT_TRUE(admin_.execute("ALTER TABLE audit_chains DISABLE TRIGGER ALL"));
  for (const char* statement :
       {"UPDATE audit_records SET actor = 'x'", "DELETE FROM audit_records", "TRUNCATE audit_records",
        "DELETE FROM audit_chains", "TRUNCATE audit_chains", "ALTER TABLE audit_records ENABLE TRIGGER ALL",
        "DROP TABLE audit_records", "DROP TRIGGER audit_records_append_only ON audit_records",
        "INSERT INTO schema_migrations VALUES (99, 'x', 'x', 99, 0)", "CREATE TABLE sluice.mine (x text)",
        "SET session_replication_role = replica"}) {
    EXPECT_FALSE(database.execute(statement)) << statement;
  }
}

// What an earlier, wider grant left behind goes.
TEST_F(GrantsTest, GrantingAgainTakesAwayWhatWasTooMuch) {
  ASSERT_TRUE(admin_.execute(fmt::format("GRANT ALL ON ALL TABLES IN SCHEMA sluice TO {}", role_)));
  ASSERT_TRUE(grant_application_role(admin_, role_, soon()));
  ASSERT_TRUE(grant_application_role(admin_, role_, soon()));
  ASSERT_TRUE(admin_.execute("ALTER TABLE audit_records DISABLE TRIGGER ALL"));
  postgres::Pool pool(as_role());
  postgres::Database database(pool);
  EXPECT_FALSE(database.execute("DELETE FROM audit_records"));
}

TEST_F(GrantsTest, RolesThatNoGrantHoldsBackAreRefused) {
  EXPECT_EQ(grant_application_role(admin_, "nobody_of_that_name", soon()).error().code, "grant.no-role");
  const auto owner = admin_.query("SELECT CAST(current_user AS text) AS name");
  ASSERT_TRUE(owner);
  EXPECT_EQ(grant_application_role(admin_, owner->row(0).text("name"), soon()).error().code, "grant.role-too-strong");
}

TEST(SqliteGrantsTest, SqliteHasNoRoles) {
  MigratedDatabase<sql::Dialect::kSqlite> database;
  EXPECT_EQ(grant_application_role(database.database(), "x", soon()).error().code, "grant.unsupported");
}

}  // namespace
}  // namespace sluice::test
