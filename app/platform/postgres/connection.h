// One session on PostgreSQL. Not thread-safe. Every call blocks until its deadline at most; after
// kTimeout or kUnavailable the connection may be unusable (ask usable()) and, outside a
// transaction, whether the server acted is unknown.
//
// Sessions have search_path, statement_timeout, lock_timeout and
// idle_in_transaction_session_timeout set from the options, and are closed by the server within a
// second of our going away.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/postgres/arguments.h"
#include "platform/postgres/options.h"
#include "platform/postgres/result_set.h"
#include "platform/postgres/server_error.h"
#include "platform/postgres/statement_cache.h"
#include "platform/postgres/wire.h"

namespace sluice::postgres {

struct Statement {
  std::string sql;
  Arguments arguments;
};

// For a name in a statement's text: quotes and all.
std::string quote_identifier(const std::string& name);

class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const ConnectionOptions& options,
                                                  Deadline deadline);
  explicit Connection(Wire wire) : wire_(std::move(wire)) {}

  // One statement, prepared on first use.
  Result<ResultSet> execute(std::string_view sql, const Arguments& arguments, Deadline deadline);
  // Any number of statements without parameters; outside a transaction they are one, if there are
  // several. The last one's result.
  Result<ResultSet> run_script(std::string_view script, Deadline deadline);
  // All statements in one round trip; the results in their order. The first that fails fails the
  // batch and what follows it; outside a transaction the batch is one. At most 10,000 statements.
  Result<std::vector<ResultSet>> pipeline(std::span<const Statement> statements, Deadline deadline);
  // `copy` is "COPY … FROM STDIN (FORMAT binary)", `data` what a CopyWriter made. The rows written.
  Result<std::int64_t> copy_in(std::string_view copy, std::string_view data, Deadline deadline);

  [[nodiscard]] bool usable() const { return wire_.usable(); }
  [[nodiscard]] bool in_transaction() const;
  // Usable, outside a transaction, and nothing unexpected arrived. Does not wait.
  [[nodiscard]] bool ready_for_reuse() const;
  // False when something, such as the connection's end, arrived first. For polling.
  Result<bool> stays_quiet_until(Deadline deadline);
  [[nodiscard]] int backend_pid() const;

  // What the server said last, kept until forget_error(): sqlstate, constraint, COPY's line.
  [[nodiscard]] const std::optional<ServerError>& last_error() const { return last_error_; }
  // Whether the transaction that met last_error() should run again from its start.
  [[nodiscard]] bool wants_retry() const;
  void forget_error() { last_error_.reset(); }

 private:
  friend class PipelineRun;

  Status set_up(const ConnectionOptions& options, Deadline deadline);
  Result<std::string> prepare(std::string_view sql, const Arguments& arguments, Deadline deadline);
  Result<ResultSet> collect(Deadline deadline);
  Error fail(const ResultSet& result);
  Status send_copy(std::string_view data, Deadline deadline);

  static constexpr std::size_t kCachedStatements = 128;
  Wire wire_;
  StatementCache statements_{kCachedStatements};
  std::optional<ServerError> last_error_;
  bool stale_plan_ = false;
};

}  // namespace sluice::postgres
