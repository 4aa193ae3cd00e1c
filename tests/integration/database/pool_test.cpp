#include "platform/postgres/pool.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "integration/database/postgres_fixture.h"

namespace sluice::postgres {
namespace {

class PostgresPool : public OnPostgres {};

TEST_F(PostgresPool, UsesAConnectionAgain) {
  Pool pool(pool_options());
  const int first = pool.acquire(soon()).value()->backend_pid();
  EXPECT_EQ(pool.acquire(soon()).value()->backend_pid(), first);
  EXPECT_EQ(pool.stats().connects, 1U);
  EXPECT_EQ(pool.stats().idle, 1U);
  EXPECT_EQ(pool.stats().in_use, 0U);
}

TEST_F(PostgresPool, NeverOpensMoreThanItsBound) {
  PoolOptions options = pool_options();
  options.max_connections = 2;
  Pool pool(options);
  const auto one = pool.acquire(soon());
  const auto two = pool.acquire(soon());
  ASSERT_TRUE(one && two);
  EXPECT_EQ(pool.stats().in_use, 2U);
  const auto three = pool.acquire(in_ms(20));
  ASSERT_FALSE(three);
  EXPECT_EQ(three.error().code, "sql.timeout");
  EXPECT_EQ(pool.stats().waits, 1U);
  EXPECT_EQ(pool.stats().wait_timeouts, 1U);
}

TEST_F(PostgresPool, WakesAWaiterWhenAConnectionComesBack) {
  PoolOptions options = pool_options();
  options.max_connections = 1;
  Pool pool(options);
  auto held = std::make_optional(pool.acquire(soon()).value());
  std::atomic<bool> got{false};
  std::jthread waiter([&] { got = pool.acquire(soon()).has_value(); });
  ASSERT_TRUE(eventually([&] { return pool.stats().waits == 1; }));
  held.reset();
  waiter.join();
  EXPECT_TRUE(got);
}

TEST_F(PostgresPool, ThrowsAwayAConnectionLeftInATransaction) {
  Pool pool(pool_options());
  ASSERT_TRUE((*pool.acquire(soon()))->run_script("BEGIN", soon()));
  EXPECT_EQ(pool.stats().discarded, 1U);
  EXPECT_EQ(pool.stats().idle, 0U);
  EXPECT_FALSE((*pool.acquire(soon()))->in_transaction());
}

TEST_F(PostgresPool, ReplacesAConnectionPastItsLifetime) {
  PoolOptions options = pool_options();
  options.max_lifetime = std::chrono::milliseconds{0};
  Pool pool(options);
  const int first = pool.acquire(soon()).value()->backend_pid();
  EXPECT_NE(pool.acquire(soon()).value()->backend_pid(), first);
}

TEST_F(PostgresPool, AsksAConnectionThatWasIdleForLong) {
  PoolOptions options = pool_options();
  options.ping_after_idle = std::chrono::milliseconds{0};
  Pool pool(options);
  const int first = pool.acquire(soon()).value()->backend_pid();
  const Stopped stopped(first);
  const auto second = pool.acquire(soon());
  ASSERT_TRUE(second) << second.error().describe();
  EXPECT_NE((*second)->backend_pid(), first);
}

}  // namespace
}  // namespace sluice::postgres
