// Backends that stop, die, or were never there (X3: no call without a deadline).
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

#include <gtest/gtest.h>

#include "integration/database/postgres_fixture.h"
#include "platform/postgres/database.h"

namespace sluice::postgres {
namespace {

class PostgresOutage : public OnPostgres {
 protected:
  // The calls that must keep their deadline; each gets a connection whose backend is stopped.
  using Call = std::function<Status(Connection&, Deadline)>;
  void expect_deadline(const Call& call) {
    const auto connection = open();
    const Stopped stopped(connection->backend_pid());
    const auto status = call(*connection, in_ms(100));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, "sql.timeout") << status.error().describe();
    EXPECT_FALSE(connection->usable());
  }
};

template <typename T>
Status status_of(const Result<T>& result) {
  return result ? Status{} : Status{result.error()};
}

TEST_F(PostgresOutage, AStoppedBackendNeverHoldsACallBeyondItsDeadline) {
  ask("CREATE TABLE t (s text)");
  expect_deadline([](Connection& c, Deadline d) { return status_of(c.run_script("SELECT 1", d)); });
  expect_deadline(
      [](Connection& c, Deadline d) { return status_of(c.execute("SELECT 1", {}, d)); });
  expect_deadline([](Connection& c, Deadline d) {
    const std::vector<Statement> batch{{"SELECT 1", {}}, {"SELECT 2", {}}};
    return status_of(c.pipeline(batch, d));
  });
  // Enough to fill every buffer between here and the stopped backend.
  expect_deadline([](Connection& c, Deadline d) {
    const auto huge = *Arguments::from({std::string(64'000'000, 'x')});
    return status_of(c.execute("SELECT length($1)", huge, d));
  });
}

TEST_F(PostgresOutage, ThePoolRecoversFromAStoppedBackend) {
  PoolOptions options = pool_options();
  options.max_connections = 1;
  Pool pool(options);
  Database database(pool);
  const int pid = pool.acquire(soon()).value()->backend_pid();
  {
    const Stopped stopped(pid);
    EXPECT_EQ(database.query("SELECT 1", {}, {.deadline = in_ms(100)}).error().code, "sql.timeout");
    EXPECT_TRUE(database.ping(soon())) << "on a new connection, while the old backend is stopped";
  }
  EXPECT_TRUE(eventually([&] { return is_gone(pid); }));
}

TEST_F(PostgresOutage, TheServerDropsWhatAnAbandonedConnectionWasDoing) {
  ask("CREATE TABLE t (x bigint)");
  auto connection = open();
  const int pid = connection->backend_pid();
  ASSERT_TRUE(connection->run_script("BEGIN; LOCK TABLE t", soon()));
  EXPECT_EQ(connection->run_script("SELECT pg_sleep(60)", in_ms(100)).error().code, "sql.timeout");
  connection.reset();
  EXPECT_TRUE(eventually([&] { return is_gone(pid); }));
  EXPECT_EQ(ask("SELECT count(*) FROM t"), "0") << "the lock is free";
}

TEST_F(PostgresOutage, AKilledBackendIsAnOutageAndTheNextCallWorks) {
  Pool pool(pool_options());
  Database database(pool);
  const auto result = database.transaction([&](sql::Session& session) -> Status {
    SLUICE_TRY(const auto rows, session.query("SELECT pg_backend_pid() AS pid"));
    terminate(static_cast<int>(rows.row(0).integer("pid")));
    SLUICE_CHECK(session.query("SELECT 1"));
    return {};
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "sql.unavailable") << result.error().describe();
  EXPECT_TRUE(result.error().retryable());
  EXPECT_TRUE(database.ping(soon()));
}

TEST_F(PostgresOutage, ABackendKilledWhileIdleIsReplacedUnnoticed) {
  Pool pool(pool_options());
  Database database(pool);
  const int pid = pool.acquire(soon()).value()->backend_pid();
  terminate(pid);
  ASSERT_TRUE(eventually([&] { return is_gone(pid); }));
  EXPECT_TRUE(database.query("SELECT 1"));
  EXPECT_EQ(pool.stats().discarded, 1U);
}

TEST_F(PostgresOutage, ADatabaseThatRefusesIsUnavailableUntilItAcceptsAgain) {
  Pool pool(pool_options());
  Database database(pool);
  ASSERT_TRUE(database.ping(soon()));
  test::PostgresTestDatabase other;
  ConnectionOptions elsewhere = other.pool_options().connection;
  const auto outside = Connection::open(elsewhere, soon()).value();
  ASSERT_TRUE(
      outside->run_script("ALTER DATABASE " + server_.name() + " ALLOW_CONNECTIONS false", soon()));
  ASSERT_TRUE(
      outside->run_script("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                          " WHERE datname = '" +
                              server_.name() + "'",
                          soon()));
  ASSERT_TRUE(eventually([&] { return !database.ping(soon()).has_value(); }));
  const auto refused = database.ping(soon());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnavailable) << refused.error().describe();
  ASSERT_TRUE(
      outside->run_script("ALTER DATABASE " + server_.name() + " ALLOW_CONNECTIONS true", soon()));
  EXPECT_TRUE(database.ping(soon()));
}

// A port of this machine: bound, so that nobody else takes it.
class Port {
 public:
  Port() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    number_ = ntohs(address.sin_port);
  }
  ~Port() { ::close(fd_); }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  void accept_without_answering() { EXPECT_EQ(::listen(fd_, 8), 0); }
  [[nodiscard]] std::string url() const {
    return "postgresql://u:hunter2@127.0.0.1:" + std::to_string(number_) + "/db";
  }
  [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(number_); }

 private:
  int fd_;
  int number_ = 0;
};

TEST_F(PostgresOutage, NoServerIsUnavailable) {
  const Port port;
  ConnectionOptions options;
  options.url = port.url();
  const auto connection = Connection::open(options, soon());
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error().code, "sql.unavailable");
  EXPECT_NE(connection.error().message.find(port.host()), std::string::npos);
  EXPECT_EQ(connection.error().describe().find("hunter2"), std::string::npos);
}

TEST_F(PostgresOutage, AServerThatNeverAnswersDoesNotHoldTheConnectBeyondItsDeadline) {
  Port port;
  port.accept_without_answering();
  ConnectionOptions options;
  options.url = port.url();
  const auto connection = Connection::open(options, in_ms(100));
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error().code, "sql.unavailable");
}

TEST_F(PostgresOutage, ASilentHostDoesNotKeepTheNextOneFromBeingTried) {
  Port port;
  port.accept_without_answering();
  ConnectionOptions options = server_.pool_options().connection;
  const auto at = options.url.find('@') + 1;
  options.url.insert(at, port.host() + ",");
  const auto connection = Connection::open(options, in_ms(4'000));
  EXPECT_TRUE(connection) << connection.error().describe();
}

TEST_F(PostgresOutage, AWrongPasswordIsNotQuoted) {
  ConnectionOptions options = server_.pool_options().connection;
  const auto from = options.url.find(':', std::string("postgresql://").size()) + 1;
  options.url.replace(from, options.url.find('@') - from, "hunter2");
  const auto connection = Connection::open(options, soon());
  ASSERT_FALSE(connection);
  EXPECT_NE(connection.error().message.find("password authentication failed"), std::string::npos);
  EXPECT_EQ(connection.error().describe().find("hunter2"), std::string::npos);
}

TEST_F(PostgresOutage, AStandbyIsNotTakenForThePrimary) {
  ask("ALTER DATABASE " + server_.name() + " SET default_transaction_read_only = on");
  const auto connection = Connection::open(server_.pool_options().connection, soon());
  ASSERT_FALSE(connection);
  EXPECT_NE(connection.error().message.find("read-only"), std::string::npos);
}

}  // namespace
}  // namespace sluice::postgres
