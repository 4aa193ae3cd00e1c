#include "governance/infrastructure/apply/topic_locks.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

#include <fmt/format.h>

#include "governance/application/apply/apply_errors.h"
#include "platform/sql/statement_text.h"

namespace sluice::governance::infrastructure {
namespace {

namespace errors = application::errors;

// Statements stay far below the databases' limits of parameters, whatever the batch.
constexpr std::size_t kTopicsAStatement = 500;

// Who holds topics that we want, the live ones first.
constexpr std::string_view kHolders = R"(
SELECT l.execution_id, e.change_id, e.lease_until_ms > {0} AS is_live, min(l.resource) AS topic
  FROM governance_locks l JOIN governance_executions e ON e.id = l.execution_id
 WHERE l.environment = $1 AND l.execution_id <> $2 AND l.resource IN (VALUES {1})
 GROUP BY l.execution_id, e.change_id, e.lease_until_ms
 ORDER BY 3 DESC, 1)";

// Not when it has been renewed meanwhile.
constexpr std::string_view kFence = R"(
UPDATE governance_executions SET lease_epoch = lease_epoch + 1
 WHERE id = $1 AND lease_until_ms <= {})";

constexpr std::string_view kTakeAway = R"(
DELETE FROM governance_locks WHERE environment = $1 AND execution_id = $2 AND resource IN (VALUES {}))";

constexpr std::string_view kTake = R"(
INSERT INTO governance_locks (environment, execution_id, resource) VALUES {} ON CONFLICT DO NOTHING)";

constexpr std::string_view kHeld = "SELECT resource FROM governance_locks WHERE environment = $1 AND execution_id = $2";

constexpr std::string_view kDrop = "DELETE FROM governance_locks WHERE execution_id = $1";

using Topics = std::span<const std::string>;

sql::Params params_of(const LockRequest& request, const std::string& execution, Topics topics) {
  sql::Params params{request.environment.str(), execution};
  for (const std::string& topic : topics) params.add(topic);
  return params;
}

Status fence_holders(sql::Session& session, sql::Dialect dialect, const LockRequest& request, Topics topics) {
  const std::string_view now = sql::now_ms(dialect);
  const std::string names = sql::placeholder_rows(3, topics.size(), 1);
  SLUICE_TRY(const sql::Rows holders, session.query(fmt::format(kHolders, now, names),
                                                    params_of(request, request.execution_id, topics)));
  for (std::size_t i = 0; i < holders.size(); ++i) {
    sql::Row row = holders.row(i);
    const std::string holder = row.text("execution_id");
    const std::string change = row.text("change_id");
    const std::string topic = row.text("topic");
    const bool is_live = row.boolean("is_live");
    SLUICE_CHECK(row.status());
    if (is_live) return errors::conflict(topic, change);
    SLUICE_TRY(const std::int64_t fenced, session.execute(fmt::format(kFence, now), {holder}));
    if (fenced == 0) return errors::conflict(topic, change);
    SLUICE_CHECK(session.execute(fmt::format(kTakeAway, names), params_of(request, holder, topics)));
  }
  return {};
}

// The first of them that is not held. Found here and not by the database, which takes a list as long as the
// batch for a short one.
Result<std::optional<std::string>> not_held(sql::Session& session, const LockRequest& request) {
  SLUICE_TRY(const sql::Rows rows, session.query(kHeld, {request.environment.str(), request.execution_id}));
  std::unordered_set<std::string> held;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sql::Row row = rows.row(i);
    held.insert(row.text("resource"));
    SLUICE_CHECK(row.status());
  }
  const auto missing = std::find_if(request.topics.begin(), request.topics.end(),
                                    [&](const std::string& topic) { return !held.contains(topic); });
  return missing == request.topics.end() ? std::nullopt : std::optional(*missing);
}

Status take_some(sql::Session& session, sql::Dialect dialect, const LockRequest& request, Topics topics) {
  SLUICE_CHECK(fence_holders(session, dialect, request, topics));
  sql::Params params;
  for (const std::string& topic : topics) {
    params.add(request.environment.str()).add(request.execution_id).add(topic);
  }
  SLUICE_CHECK(session.execute(fmt::format(kTake, sql::placeholder_rows(1, topics.size(), 3)), params));
  return {};
}

template <typename F>
Status in_pieces(Topics topics, F f) {
  for (std::size_t first = 0; first < topics.size(); first += kTopicsAStatement) {
    SLUICE_CHECK(f(topics.subspan(first, std::min(kTopicsAStatement, topics.size() - first))));
  }
  return {};
}

}  // namespace

// In one order by bytes, so that two applies can't wait for each other.
Status take_locks(sql::Session& session, sql::Dialect dialect, const LockRequest& request) {
  LockRequest sorted = request;
  std::sort(sorted.topics.begin(), sorted.topics.end());
  SLUICE_CHECK(in_pieces(sorted.topics, [&](Topics topics) { return take_some(session, dialect, sorted, topics); }));
  SLUICE_TRY(const auto missing, not_held(session, sorted));
  // Somebody took it between our look and our insert.
  if (missing) return errors::conflict(*missing, "another change");
  return {};
}

Status require_locks(sql::Session& session, const LockRequest& request) {
  SLUICE_TRY(const auto missing, not_held(session, request));
  if (missing) return errors::lease_lost(request.execution_id);
  return {};
}

Status drop_locks(sql::Session& session, const std::string& execution_id) {
  SLUICE_CHECK(session.execute(kDrop, {execution_id}));
  return {};
}

}  // namespace sluice::governance::infrastructure
