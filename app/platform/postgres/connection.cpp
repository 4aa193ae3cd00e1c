#include "platform/postgres/connection.h"

#include <libpq-fe.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "platform/postgres/wire_arguments.h"
#include "platform/sql/errors.h"

namespace sluice::postgres {
namespace {

constexpr std::size_t kCopyChunk = 64 * 1024;

}  // namespace

std::string quote_identifier(const std::string& name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

Result<std::unique_ptr<Connection>> Connection::open(const ConnectionOptions& options,
                                                     Deadline deadline) {
  SLUICE_TRY(Wire wire, Wire::connect(options, deadline));
  auto connection = std::make_unique<Connection>(std::move(wire));
  SLUICE_CHECK(connection->set_up(options, deadline));
  return connection;
}

Status Connection::set_up(const ConnectionOptions& options, Deadline deadline) {
  SLUICE_CHECK(run_script(
      fmt::format("SET search_path = {}; SET statement_timeout = {}; SET lock_timeout = {};"
                  "SET idle_in_transaction_session_timeout = {};"
                  "SET client_connection_check_interval = 1000; SET bytea_output = hex",
                  quote_identifier(options.schema), options.statement_timeout.count(),
                  options.lock_timeout.count(), options.idle_in_transaction_timeout.count()),
      deadline));
  return {};
}

bool Connection::in_transaction() const {
  const auto status = PQtransactionStatus(wire_.get());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

bool Connection::ready_for_reuse() const {
  return !stale_plan_ && wire_.quiet() && PQtransactionStatus(wire_.get()) == PQTRANS_IDLE;
}

Result<bool> Connection::stays_quiet_until(Deadline deadline) {
  SLUICE_TRY(const bool input, wire_.wait_for_input(deadline));
  return !input;
}

int Connection::backend_pid() const { return PQbackendPID(wire_.get()); }

bool Connection::wants_retry() const {
  return stale_plan_ || (last_error_ && classify(*last_error_) == FailureClass::kRetryable);
}

// A result of libpq's own making has no SQLSTATE: the connection broke.
Error Connection::fail(const ResultSet& result) {
  ServerError error = result.server_error();
  if (error.sqlstate.empty()) return wire_.lost();
  // "cached plan must not change result type", "prepared statement does not exist": the schema
  // changed under us. A new connection knows nothing of the old plan.
  stale_plan_ = stale_plan_ || error.sqlstate == "0A000" || error.sqlstate == "26000";
  last_error_ = std::move(error);
  return to_error(*last_error_);
}

Result<ResultSet> Connection::collect(Deadline deadline) {
  std::optional<ResultSet> last;
  std::optional<Error> failure;
  for (;;) {
    SLUICE_TRY(auto result, wire_.next_result(deadline));
    if (!result) break;
    if (result->failed()) {
      if (!failure) failure = fail(*result);
    } else {
      last = std::move(*result);
    }
  }
  if (failure) return *failure;
  if (!last) return wire_.lost();
  return std::move(*last);
}

Result<ResultSet> Connection::run_script(std::string_view script, Deadline deadline) {
  if (PQsendQuery(wire_.get(), std::string(script).c_str()) == 0) return wire_.lost();
  return collect(deadline);
}

Result<std::string> Connection::prepare(std::string_view sql, const Arguments& arguments,
                                        Deadline deadline) {
  std::string key = arguments.signature().append(sql);
  if (auto name = statements_.find(key)) return *name;
  std::string name = statements_.next_name();
  if (send_prepare(wire_.get(), name, std::string(sql), WireArguments(arguments)) == 0) {
    return wire_.lost();
  }
  SLUICE_CHECK(collect(deadline));
  if (const auto evicted = statements_.insert(std::move(key), name)) {
    SLUICE_CHECK(run_script("DEALLOCATE " + *evicted, deadline));
  }
  return name;
}

Result<ResultSet> Connection::execute(std::string_view sql, const Arguments& arguments,
                                      Deadline deadline) {
  SLUICE_TRY(const std::string name, prepare(sql, arguments, deadline));
  if (send_prepared(wire_.get(), name, WireArguments(arguments)) == 0) return wire_.lost();
  return collect(deadline);
}

Status Connection::send_copy(std::string_view data, Deadline deadline) {
  while (!data.empty()) {
    const std::string_view chunk = data.substr(0, kCopyChunk);
    if (PQputCopyData(wire_.get(), chunk.data(), static_cast<int>(chunk.size())) < 0) {
      return wire_.lost();
    }
    SLUICE_CHECK(wire_.flush(deadline));
    data.remove_prefix(chunk.size());
  }
  if (PQputCopyEnd(wire_.get(), nullptr) < 0) return wire_.lost();
  return {};
}

Result<std::int64_t> Connection::copy_in(std::string_view copy, std::string_view data,
                                         Deadline deadline) {
  if (PQsendQuery(wire_.get(), std::string(copy).c_str()) == 0) return wire_.lost();
  SLUICE_TRY(auto started, wire_.next_result(deadline));
  if (!started) return wire_.lost();
  if (started->failed()) {
    Error error = fail(*started);
    SLUICE_TRY(const auto end, wire_.next_result(deadline));
    SLUICE_ASSERT(!end.has_value());
    return error;
  }
  if (PQresultStatus(started->get()) != PGRES_COPY_IN) {
    (void)wire_.lost();  // out of step with the server: it may be copying to us
    return sql::errors::statement("not a COPY … FROM STDIN");
  }
  SLUICE_CHECK(send_copy(data, deadline));
  SLUICE_TRY(const ResultSet result, collect(deadline));
  return result.affected_rows();
}

}  // namespace sluice::postgres
