#include "platform/postgres/schema_session.h"

#include <chrono>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "platform/postgres/connection.h"
#include "platform/postgres/session.h"
#include "platform/sql/errors.h"

namespace sluice::postgres {
namespace {

constexpr auto kLockPoll = std::chrono::milliseconds{50};
// A schema change that waits for a lock makes everybody behind it wait, too.
constexpr auto kLockTimeout = std::chrono::milliseconds{5'000};
constexpr auto kRollbackWait = std::chrono::milliseconds{1'000};
// Two-key advisory locks: the first key says whose lock it is ("slce").
constexpr int kLockFamily = 0x736c6365;

class SchemaSession final : public sql::SchemaSession {
 public:
  SchemaSession(std::unique_ptr<Connection> connection, Deadline deadline)
      : connection_(std::move(connection)), deadline_(deadline), session_(*connection_, deadline) {}

  Result<sql::Rows> query(std::string_view sql, const sql::Params& params) override {
    return session_.query(sql, params);
  }
  Result<std::int64_t> execute(std::string_view sql, const sql::Params& params) override {
    return session_.execute(sql, params);
  }
  Status run_script(std::string_view script) override { return run(script, deadline_); }
  Status begin() override { return run("BEGIN", deadline_); }
  Status commit() override {
    Status status = run("COMMIT", deadline_);
    if (!status && !connection_->usable()) {
      return sql::errors::commit_unknown(status.error().message);
    }
    return status;
  }
  void rollback() override {
    if (connection_->usable()) (void)run("ROLLBACK", Deadline::after(kRollbackWait));
  }

 private:
  Status run(std::string_view script, Deadline deadline) {
    SLUICE_CHECK(connection_->run_script(script, deadline));
    return {};
  }

  std::unique_ptr<Connection> connection_;
  Deadline deadline_;
  postgres::Session session_;
};

// Tried again and again instead of waited for: a session waiting in pg_advisory_lock holds a
// snapshot, and CREATE INDEX CONCURRENTLY in the session that has the lock waits for that snapshot.
Status lock_schema(Connection& connection, const std::string& schema, Deadline deadline) {
  const std::string attempt =
      fmt::format("SELECT pg_try_advisory_lock({}, hashtext($1))", kLockFamily);
  SLUICE_TRY(const Arguments name, Arguments::from({schema}));
  for (bool busy = false;; busy = true) {
    const auto locked = connection.execute(attempt, name, deadline);
    // The time ran out in the middle of asking again: what kept us waiting is the other one.
    if (!locked && busy && deadline.expired()) return sql::errors::schema_busy();
    if (!locked) return Error(locked.error());
    if (locked->text(0, 0) == "t") return {};
    if (deadline.no_later_than(kLockPoll).time() == deadline.time())
      return sql::errors::schema_busy();
    // Any answer of the server now is bad news, which the next attempt reports.
    SLUICE_CHECK(connection.stays_quiet_until(deadline.no_later_than(kLockPoll)));
  }
}

Status create_schema(Connection& connection, const std::string& schema, Deadline deadline) {
  // Asked first: CREATE SCHEMA IF NOT EXISTS needs the right to create even where nothing is to do.
  SLUICE_TRY(const Arguments name, Arguments::from({schema}));
  SLUICE_TRY(const ResultSet exists,
             connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = $1", name, deadline));
  if (exists.rows() > 0) return {};
  SLUICE_CHECK(
      connection.run_script(fmt::format("CREATE SCHEMA {}", quote_identifier(schema)), deadline));
  return {};
}

}  // namespace

Result<std::unique_ptr<sql::SchemaSession>> open_schema_session(ConnectionOptions options,
                                                                Deadline deadline) {
  options.role = "migrate";
  options.statement_timeout = std::chrono::milliseconds{0};
  options.lock_timeout = kLockTimeout;
  options.idle_in_transaction_timeout = std::chrono::milliseconds{60'000};
  SLUICE_TRY(auto connection, Connection::open(options, deadline));
  SLUICE_CHECK(lock_schema(*connection, options.schema, deadline));
  SLUICE_CHECK(create_schema(*connection, options.schema, deadline));
  return std::unique_ptr<sql::SchemaSession>(
      std::make_unique<SchemaSession>(std::move(connection), deadline));
}

}  // namespace sluice::postgres
