// What the suites on PostgreSQL itself share.
#pragma once

#include <signal.h>

#include <chrono>
#include <functional>
#include <memory>

#include <gtest/gtest.h>

#include "platform/postgres/connection.h"
#include "support/test_database.h"

namespace sluice::postgres {

inline Deadline soon() { return Deadline::after(std::chrono::seconds{30}); }
inline Deadline in_ms(int wait) { return Deadline::after(std::chrono::milliseconds{wait}); }

// Whether it became true before a generous deadline; asks again and again.
inline bool eventually(const std::function<bool()>& condition) {
  for (const Deadline deadline = soon(); !deadline.expired();) {
    if (condition()) return true;
  }
  return false;
}

// Stops a process of this machine and lets it go on at the end at the latest.
class Stopped {
 public:
  explicit Stopped(int pid) : pid_(pid) { EXPECT_EQ(::kill(pid_, SIGSTOP), 0); }
  ~Stopped() { ::kill(pid_, SIGCONT); }
  Stopped(const Stopped&) = delete;
  Stopped& operator=(const Stopped&) = delete;

 private:
  int pid_;
};

class OnPostgres : public testing::Test {
 protected:
  void SetUp() override { admin_ = open(); }

  std::unique_ptr<Connection> open() {
    ConnectionOptions options = server_.pool_options().connection;
    options.schema = "public";
    auto connection = Connection::open(options, soon());
    EXPECT_TRUE(connection) << (connection ? "" : connection.error().describe());
    return connection ? std::move(*connection) : nullptr;
  }
  PoolOptions pool_options() {
    PoolOptions options = server_.pool_options();
    options.connection.schema = "public";
    return options;
  }
  // On a connection of its own. Empty for null.
  std::string ask(const std::string& sql, const sql::Params& params = {}) {
    const auto result = admin_->execute(sql, *Arguments::from(params), soon());
    EXPECT_TRUE(result) << sql << ": " << (result ? "" : result.error().describe());
    return result && result->rows() > 0 ? std::string(result->text(0, 0)) : "";
  }
  void terminate(int pid) { ask("SELECT pg_terminate_backend($1::int)", {pid}); }
  bool is_gone(int pid) {
    return ask("SELECT count(*) FROM pg_stat_activity WHERE pid = $1::int", {pid}) == "0";
  }

  test::PostgresTestDatabase server_;
  std::unique_ptr<Connection> admin_;
};

}  // namespace sluice::postgres
