// The SQL port of low-volume repositories (plans, tokens, policies, audit): the same statements run
// on PostgreSQL and SQLite. High-volume paths use platform/postgres directly.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/sql/value.h"

namespace sluice::sql {

enum class Dialect : std::uint8_t { kPostgres, kSqlite };
std::string_view to_string(Dialect dialect);  // "postgres", "sqlite"

// One open transaction. Not thread-safe; valid only inside the function it was passed to. One
// statement a call; $1, $2, … are placeholders. Blocks until the transaction's deadline at most.
class Session {
 public:
  virtual ~Session() = default;
  virtual Result<Rows> query(std::string_view sql, const Params& params = {}) = 0;
  // The number of rows inserted, updated or deleted.
  virtual Result<std::int64_t> execute(std::string_view sql, const Params& params = {}) = 0;
};

// A transaction in which a statement failed can only be rolled back, on every database: every later
// statement, and the transaction, end with that first error.
class FailFastSession final : public Session {
 public:
  explicit FailFastSession(Session& session) : session_(session) {}
  Result<Rows> query(std::string_view sql, const Params& params) override;
  Result<std::int64_t> execute(std::string_view sql, const Params& params) override;
  [[nodiscard]] Status status() const;

 private:
  Session& session_;
  std::optional<Error> failed_;
};

enum class Isolation : std::uint8_t { kReadCommitted, kRepeatableRead, kSerializable };

struct TransactionOptions {
  // For everything together: waiting for a connection, all attempts, the commit.
  Deadline deadline = Deadline::after(std::chrono::seconds{5});
  Isolation isolation = Isolation::kReadCommitted;  // SQLite is always serializable
  int max_attempts = 5;                             // on serialization failure, deadlock, busy
};

// The one session that may change the schema: nobody else holds one on this database meanwhile, in
// whatever process. Its statements are not bounded by the pool's statement timeout.
class SchemaSession : public Session {
 public:
  // Several statements at once; outside begin() … commit() each must manage without a transaction.
  virtual Status run_script(std::string_view script) = 0;
  virtual Status begin() = 0;
  virtual Status commit() = 0;
  virtual void rollback() = 0;
};

// Thread-safe.
//
// Error codes (ErrorKind): sql.unique-violation (conflict), sql.constraint-violation and
// sql.invalid-value (invalid), sql.conflict (unavailable: serialization failure, deadlock or busy
// after the last attempt), sql.timeout (timeout), sql.unavailable (unavailable),
// sql.commit-unknown (timeout: the connection or the time ran out during COMMIT; look before you
// try again), sql.statement and sql.wrong-type (internal).
class Database {
 public:
  virtual ~Database() = default;

  [[nodiscard]] virtual Dialect dialect() const = 0;
  // Whether the database answers; blocks until the deadline at most.
  virtual Status ping(Deadline deadline) = 0;

  // Runs f: Session& -> Result<T> in a transaction: committed when f gives a value, rolled back
  // when it gives an error. f runs again, from the start, when the database asks for that: it must
  // have no effect but through the session.
  template <typename F>
  auto transaction(F&& f, const TransactionOptions& options = {})
      -> std::invoke_result_t<F&, Session&> {
    using Outcome = std::invoke_result_t<F&, Session&>;
    std::optional<Outcome> outcome;
    const Status status = run(
        [&](Session& session) -> Status {
          FailFastSession guarded(session);
          outcome.emplace(f(static_cast<Session&>(guarded)));
          if (!*outcome) return outcome->error();
          return guarded.status();
        },
        options);
    if (!status) return Error(status.error());
    return std::move(*outcome);
  }

  // One statement as a transaction of its own.
  Result<Rows> query(std::string_view sql, const Params& params = {},
                     const TransactionOptions& options = {});
  Result<std::int64_t> execute(std::string_view sql, const Params& params = {},
                               const TransactionOptions& options = {});

  // Waits until the deadline for whoever else is changing the schema; then migrate.busy (timeout).
  // Not within a transaction: SQLite would wait for itself.
  virtual Result<std::unique_ptr<SchemaSession>> open_schema_session(Deadline deadline) = 0;

 protected:
  using Body = std::function<Status(Session&)>;
  virtual Status run(const Body& body, const TransactionOptions& options) = 0;
};

}  // namespace sluice::sql
