#include <libpq-fe.h>

#include <unordered_map>

#include <fmt/format.h>

#include "platform/postgres/connection.h"
#include "platform/postgres/wire_arguments.h"
#include "platform/sql/errors.h"

namespace sluice::postgres {

constexpr std::size_t kMostStatements = 10'000;

// One batch: sends everything, then reads the answers in the order in which they were asked for.
class PipelineRun {
 public:
  PipelineRun(Connection& connection, Deadline deadline)
      : connection_(connection), deadline_(deadline) {}

  Status send(std::span<const Statement> statements) {
    for (const Statement& statement : statements) SLUICE_CHECK(send(statement));
    if (PQpipelineSync(pg()) == 0) return wire().lost();
    return {};
  }

  // Reads to the end even after a failure: the connection is then in order again.
  Result<std::vector<ResultSet>> receive() {
    for (const Expected& expected : expected_) {
      SLUICE_TRY(auto result, connection_.wire_.next_result(deadline_));
      if (!result) return wire().lost();
      SLUICE_CHECK(take(expected, std::move(*result)));
      SLUICE_TRY(const auto end, wire().next_result(deadline_));
      if (end) return wire().lost();
    }
    SLUICE_TRY(const auto sync, wire().next_result(deadline_));
    if (!sync || PQresultStatus(sync->get()) != PGRES_PIPELINE_SYNC) return wire().lost();
    if (failure_) return *failure_;
    return std::move(results_);
  }

  [[nodiscard]] const std::vector<std::string>& evicted() const { return evicted_; }

 private:
  struct Expected {
    std::string prepared_key;
    std::string prepared_name;  // empty for the statement itself
  };

  [[nodiscard]] Wire& wire() const { return connection_.wire_; }
  [[nodiscard]] PGconn* pg() const { return connection_.wire_.get(); }

  Status send(const Statement& statement) {
    const WireArguments arguments(statement.arguments);
    SLUICE_TRY(const std::string name, name_of(statement, arguments));
    if (send_prepared(pg(), name, arguments) == 0) return wire().lost();
    expected_.push_back({});
    return wire().flush(deadline_);
  }

  Result<std::string> name_of(const Statement& statement, const WireArguments& arguments) {
    std::string key = statement.arguments.signature() + statement.sql;
    if (auto cached = connection_.statements_.find(key)) return *cached;
    if (const auto sent = sent_.find(key); sent != sent_.end()) return sent->second;
    std::string name = connection_.statements_.next_name();
    if (send_prepare(pg(), name, statement.sql, arguments) == 0) return wire().lost();
    sent_.emplace(key, name);
    expected_.push_back({std::move(key), name});
    return name;
  }

  Status take(const Expected& expected, ResultSet result) {
    if (result.failed()) {
      // What follows the first failure is only "aborted".
      if (!failure_) failure_ = connection_.fail(result);
      return wire().usable() ? Status{} : Status{*failure_};
    }
    if (expected.prepared_name.empty()) {
      results_.push_back(std::move(result));
    } else if (auto evicted =
                   connection_.statements_.insert(expected.prepared_key, expected.prepared_name)) {
      evicted_.push_back(std::move(*evicted));
    }
    return {};
  }

  Connection& connection_;
  Deadline deadline_;
  std::vector<Expected> expected_;
  std::unordered_map<std::string, std::string> sent_;  // prepared in this batch: name by key
  std::vector<ResultSet> results_;
  std::vector<std::string> evicted_;
  std::optional<Error> failure_;
};

Result<std::vector<ResultSet>> Connection::pipeline(std::span<const Statement> statements,
                                                    Deadline deadline) {
  if (statements.size() > kMostStatements) {
    return sql::errors::statement(
        fmt::format("a batch has at most {} statements", kMostStatements));
  }
  if (PQenterPipelineMode(wire_.get()) == 0) return wire_.lost();
  PipelineRun run(*this, deadline);
  SLUICE_CHECK(run.send(statements));
  auto results = run.receive();
  if (!wire_.usable()) return results;
  if (PQexitPipelineMode(wire_.get()) == 0) return wire_.lost();
  if (!results) return results;
  for (const std::string& name : run.evicted()) {
    SLUICE_CHECK(run_script("DEALLOCATE " + name, deadline));
  }
  return results;
}

}  // namespace sluice::postgres
