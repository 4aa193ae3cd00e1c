// The suite of every token repository, on the real databases with the real migrations.
#include <gtest/gtest.h>

#include "platform/auth/caching_authenticator.h"
#include "platform/auth/sql_token_repository.h"
#include "platform/auth/token_repository_suite.h"
#include "platform/auth/token_service.h"
#include "support/migrated_database.h"

namespace sluice::auth {
namespace {

template <sql::Dialect dialect>
class SqlFixture {
 public:
  TokenRepository& repository() { return repository_; }

 private:
  test::MigratedDatabase<dialect> database_;
  SqlTokenRepository repository_{database_.database()};
};

using PostgresFixture = SqlFixture<sql::Dialect::kPostgres>;
using SqliteFixture = SqlFixture<sql::Dialect::kSqlite>;

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, TokenRepositorySuite, PostgresFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, TokenRepositorySuite, SqliteFixture);

TEST(ServiceTokensOnPostgres, CountARevocationWithinFiveSeconds) {
  PostgresFixture fixture;
  ManualClock clock(TimePoint{std::chrono::seconds{1'700'000'000}});
  TokenService service(fixture.repository(), clock);
  CachingAuthenticator authenticator({&service, nullptr}, clock);
  const auto issued =
      service.issue({"ci", "kim", {{Role::kEditor, "test", "*"}}, std::chrono::hours{1}}, soon());
  ASSERT_TRUE(issued) << issued.error().describe();
  const auto principal = authenticator.authenticate(issued->token);
  ASSERT_TRUE(principal) << principal.error().describe();
  EXPECT_TRUE((*principal)->may(Role::kEditor, "test", "test.orders"));
  ASSERT_TRUE(service.revoke(issued->record.id, soon()));
  clock.advance(std::chrono::seconds{5});
  EXPECT_EQ(authenticator.authenticate(issued->token).error().code, "auth.revoked");
}

}  // namespace
}  // namespace sluice::auth
