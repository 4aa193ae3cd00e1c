#include "platform/postgres/transaction.h"

#include <chrono>
#include <string_view>
#include <utility>

#include "platform/core/mutex.h"
#include "platform/core/supervised_loop.h"
#include "platform/sql/errors.h"

namespace sluice::postgres {
namespace {

constexpr auto kRollbackWait = std::chrono::milliseconds{1000};

std::string_view begin_statement(sql::Isolation isolation) {
  switch (isolation) {
    case sql::Isolation::kReadCommitted: return "BEGIN ISOLATION LEVEL READ COMMITTED";
    case sql::Isolation::kRepeatableRead: return "BEGIN ISOLATION LEVEL REPEATABLE READ";
    case sql::Isolation::kSerializable: return "BEGIN ISOLATION LEVEL SERIALIZABLE";
  }
  return "BEGIN";
}

Status commit(Connection& connection, Deadline deadline) {
  const auto committed = connection.run_script("COMMIT", deadline);
  if (!committed) {
    // An answer that came over a living connection is the outcome; silence is not.
    if (connection.usable()) return Error(committed.error());
    return sql::errors::commit_unknown(committed.error().message);
  }
  if (committed->command_tag() == "COMMIT") return {};
  // The body took a failed statement for success.
  const auto& cause = connection.last_error();
  return cause ? to_error(*cause)
               : sql::errors::statement("the transaction was rolled back instead of committed");
}

Status run_once(Connection& connection, const std::function<Status(Connection&)>& body,
                const sql::TransactionOptions& options) {
  connection.forget_error();
  SLUICE_CHECK(connection.run_script(begin_statement(options.isolation), options.deadline));
  if (Status done = body(connection); !done) {
    // A connection that can't roll back is closed by its lease, which has the same effect.
    if (connection.usable()) {
      (void)connection.run_script("ROLLBACK", Deadline::after(kRollbackWait));
    }
    return done;
  }
  return commit(connection, options.deadline);
}

// Those who collided should not do so again in step.
void wait_before_retry(int failures, Deadline deadline) {
  const auto jitter = std::chrono::steady_clock::now().time_since_epoch().count() % 1000;
  const Backoff backoff{std::chrono::milliseconds{5}, std::chrono::milliseconds{200}};
  const auto wait = backoff.wait_after(failures, static_cast<double>(jitter) / 1000.0);
  const Deadline until = deadline.no_later_than(wait);
  Mutex mutex;
  ConditionVariable never;
  MutexLock lock(mutex);
  while (!until.expired()) never.wait_until(mutex, until);
}

}  // namespace

Status run_transaction(Pool& pool, const std::function<Status(Connection&)>& body,
                       const sql::TransactionOptions& options) {
  for (int attempt = 1;; ++attempt) {
    Status status;
    {
      SLUICE_TRY(const Lease connection, pool.acquire(options.deadline));
      status = run_once(*connection, body, options);
      if (status || !connection->wants_retry()) return status;
    }
    if (attempt >= options.max_attempts || options.deadline.expired()) return status;
    wait_before_retry(attempt, options.deadline);
  }
}

}  // namespace sluice::postgres
