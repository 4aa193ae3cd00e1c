// libpq without blocking: every step waits on the socket until a deadline at most. Not thread-safe.
//
// After a deadline or a lost connection it is unusable and must be thrown away: what the server did
// meanwhile is unknown. No cancel request is sent, as libpq's own blocks without a deadline: the
// server notices the closed socket within a second (client_connection_check_interval), rolls back
// and frees its locks.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/postgres/conninfo.h"
#include "platform/postgres/result_set.h"

struct pg_conn;

namespace sluice::postgres {

class Wire {
 public:
  // Tries the endpoints in order, each with its share of the time left.
  static Result<Wire> connect(const ConnectionOptions& options, Deadline deadline);

  [[nodiscard]] pg_conn* get() const { return connection_.get(); }
  [[nodiscard]] bool usable() const;
  // Nothing unexpected arrived while idle. Does not wait.
  [[nodiscard]] bool quiet() const;

  // Sends what is buffered.
  Status flush(Deadline deadline);
  // The next result of what was sent; nothing at the end of a statement.
  Result<std::optional<ResultSet>> next_result(Deadline deadline);
  // Whether anything, or the connection's end, arrived before the deadline.
  Result<bool> wait_for_input(Deadline deadline);
  // The connection broke or a call on it was refused.
  Error lost();

 private:
  struct Finish {
    void operator()(pg_conn* connection) const;
  };
  Wire(pg_conn* connection, ConnectionKeywords keywords, std::stop_token hurry);
  static Result<Wire> connect_to(const Endpoint& endpoint, const std::string& address,
                                 const ConnectionKeywords& keywords, const std::stop_token& hurry,
                                 Deadline deadline);
  Status poll_connect(Deadline deadline);
  Result<short> wait(short events, Deadline deadline) const;
  Error timed_out(std::string_view what);

  std::unique_ptr<pg_conn, Finish> connection_;
  ConnectionKeywords keywords_;
  std::stop_token hurry_;
  bool broken_ = false;
};

}  // namespace sluice::postgres
