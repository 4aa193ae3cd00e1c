#include "governance/infrastructure/apply/execution_rows.h"

#include <algorithm>

#include <fmt/format.h>

#include "platform/sql/statement_text.h"

namespace sluice::governance::infrastructure {
namespace {

using application::RecordedItem;

// A change has a handful of executions, an execution at most 1,000 items.
constexpr std::string_view kFind = R"(
SELECT id, change_id, revision, digest, approval_id, environment, cluster_id, state, started_by, started_at_ms,
       finished_at_ms, lease_until_ms > {0} AS is_leased
  FROM governance_executions WHERE {1} = $1 ORDER BY started_at_ms DESC, revision DESC LIMIT 1)";

constexpr std::string_view kItems = R"(
SELECT position, name, action, state, code, message, retryable, topic_id, attempts, updated_at_ms
  FROM governance_execution_items WHERE execution_id = $1 ORDER BY position)";

constexpr std::string_view kProgress = R"(
SELECT e.change_id, e.id, e.state, i.state AS item_state, CAST(count(*) AS bigint) AS items
  FROM governance_executions e JOIN governance_execution_items i ON i.execution_id = e.id
  JOIN governance_changes c ON c.change_id = e.change_id AND c.digest = e.digest
 WHERE e.change_id IN (VALUES {})
   AND c.state NOT IN ('PLANNED', 'APPROVED')
   AND NOT EXISTS (SELECT 1 FROM governance_executions newer
                    WHERE newer.change_id = e.change_id
                      AND (newer.started_at_ms, newer.revision) > (e.started_at_ms, e.revision))
 GROUP BY e.change_id, e.id, e.state, i.state)";

constexpr std::string_view kInsertItems = R"(
INSERT INTO governance_execution_items (execution_id, position, name, action, state, updated_at_ms) VALUES {})";

// The execution's id is in each row of the list: where it is a parameter beside it, PostgreSQL takes a new
// execution for one without rows, once the table has been analysed, and compares each item with each of the list.
constexpr std::string_view kIntend = R"(
UPDATE governance_execution_items AS item
   SET state = 'INTENT', code = '', message = '', retryable = true, attempts = attempts + 1, updated_at_ms = $1
  FROM (VALUES {}) AS v
 WHERE item.execution_id = v.column1 AND item.position = v.column2)";

constexpr std::string_view kOutcomes = R"(
UPDATE governance_execution_items AS item
   SET state = v.column3, code = v.column4, message = v.column5, retryable = v.column6, topic_id = v.column7,
       updated_at_ms = $1
  FROM (VALUES {}) AS v
 WHERE item.execution_id = v.column1 AND item.position = v.column2)";

constexpr std::size_t kRowsAStatement = 500;

// Rows that a foreign hand has removed must not pass for written.
Status require_count(std::int64_t count, std::size_t expected) {
  if (count == static_cast<std::int64_t>(expected)) return {};
  return Error{ErrorKind::kInternal, "apply.journal", "Items of the execution are missing from its journal.",
               "Look into governance_execution_items: nothing but the program may change it.", {}};
}

template <typename Item, typename F>
Status in_pieces(std::span<const Item> items, F f) {
  for (std::size_t first = 0; first < items.size(); first += kRowsAStatement) {
    SLUICE_CHECK(f(items.subspan(first, std::min(kRowsAStatement, items.size() - first)), first));
  }
  return {};
}

std::optional<domain::PlannedAction> parse_action(std::string_view text) {
  using enum domain::PlannedAction;
  for (const auto action : {kNone, kCreate, kAlter, kDelete}) {
    if (text == domain::to_string(action)) return action;
  }
  return std::nullopt;
}

Error corrupt(std::string_view what) {
  return {ErrorKind::kInternal, "apply.journal", fmt::format("The journal of applies holds an unknown {}.", what),
          "A newer version of this program wrote it: update this one.", {}};
}

Result<domain::ExecutionItem> read_item(sql::Row row) {
  domain::ExecutionItem item;
  item.position = row.integer("position");
  item.name = domain::TopicName{row.text("name")};
  const auto action = parse_action(row.text("action"));
  const auto state = domain::parse_item_state(row.text("state"));
  item.outcome.code = row.text("code");
  item.outcome.message = row.text("message");
  item.outcome.retryable = row.boolean("retryable");
  item.outcome.topic_id = row.text("topic_id");
  item.attempts = row.integer("attempts");
  item.updated_at = row.time("updated_at_ms");
  SLUICE_CHECK(row.status());
  if (!action || !state) return corrupt("action or state");
  item.action = *action;
  item.outcome.state = *state;
  return item;
}

Result<domain::Execution> read_head(sql::Row row) {
  domain::Execution execution;
  execution.id = row.text("id");
  execution.change_id = domain::ChangeId{row.text("change_id")};
  execution.revision = row.integer("revision");
  execution.digest = row.text("digest");
  execution.approval_id = row.text("approval_id");
  execution.environment = domain::EnvironmentName{row.text("environment")};
  execution.cluster_id = row.text("cluster_id");
  const auto state = domain::parse_execution_state(row.text("state"));
  execution.started_by = row.text("started_by");
  execution.started_at = row.time("started_at_ms");
  execution.finished_at = row.optional_time("finished_at_ms");
  execution.is_leased = row.boolean("is_leased");
  SLUICE_CHECK(row.status());
  if (!state) return corrupt("state");
  execution.state = *state;
  return execution;
}

}  // namespace

Result<std::optional<domain::Execution>> read_execution(sql::Session& session, sql::Dialect dialect,
                                                        const ExecutionKey& key) {
  const std::string_view column = key.by == ExecutionKey::kApproval ? "approval_id" : "change_id";
  SLUICE_TRY(const sql::Rows found, session.query(fmt::format(kFind, sql::now_ms(dialect), column), {key.value}));
  if (found.empty()) return std::optional<domain::Execution>();
  SLUICE_TRY(domain::Execution execution, read_head(found.row(0)));
  SLUICE_TRY(const sql::Rows rows, session.query(kItems, {execution.id}));
  execution.items.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SLUICE_TRY(domain::ExecutionItem item, read_item(rows.row(i)));
    if (item.position != static_cast<std::int64_t>(i)) return corrupt("order of items");
    execution.items.push_back(std::move(item));
  }
  return std::optional(std::move(execution));
}

Result<std::map<domain::ChangeId, domain::ExecutionProgress>> read_progress(
    sql::Session& session, std::span<const domain::ChangeId> changes) {
  sql::Params params;
  for (const domain::ChangeId& change : changes) params.add(change.str());
  SLUICE_TRY(const sql::Rows rows,
             session.query(fmt::format(kProgress, sql::placeholder_rows(1, changes.size(), 1)), params));
  std::map<domain::ChangeId, domain::ExecutionProgress> found;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sql::Row row = rows.row(i);
    domain::ExecutionProgress& progress = found[domain::ChangeId{row.text("change_id")}];
    progress.execution_id = row.text("id");
    const auto state = domain::parse_execution_state(row.text("state"));
    const auto item_state = domain::parse_item_state(row.text("item_state"));
    const std::int64_t items = row.integer("items");
    SLUICE_CHECK(row.status());
    if (!state || !item_state) return corrupt("state");
    progress.state = *state;
    progress.items[*item_state] = items;
  }
  return found;
}

Status insert_items(sql::Session& session, const application::NewExecution& execution) {
  return in_pieces(execution.items, [&](std::span<const domain::PlannedItem> items, std::size_t first) -> Status {
    sql::Params params;
    for (std::size_t i = 0; i < items.size(); ++i) {
      params.add(execution.id).add(static_cast<std::int64_t>(first + i)).add(items[i].name.str());
      params.add(domain::to_string(items[i].action)).add(domain::to_string(domain::ItemState::kPending));
      params.add(execution.started_at);
    }
    SLUICE_CHECK(session.execute(fmt::format(kInsertItems, sql::placeholder_rows(1, items.size(), 6)), params));
    return {};
  });
}

Status write_intents(sql::Session& session, const std::string& execution_id, std::span<const RecordedItem> items,
                     TimePoint now) {
  return in_pieces(items, [&](std::span<const RecordedItem> piece, std::size_t) -> Status {
    sql::Params params{now};
    for (const RecordedItem& item : piece) params.add(execution_id).add(item.position);
    SLUICE_TRY(const std::int64_t count,
               session.execute(fmt::format(kIntend, sql::placeholder_rows(2, piece.size(), 2)), params));
    return require_count(count, piece.size());
  });
}

Status write_outcomes(sql::Session& session, const std::string& execution_id, std::span<const RecordedItem> items,
                      TimePoint now) {
  return in_pieces(items, [&](std::span<const RecordedItem> piece, std::size_t) -> Status {
    sql::Params params{now};
    for (const RecordedItem& item : piece) {
      params.add(execution_id).add(item.position).add(domain::to_string(item.outcome.state)).add(item.outcome.code);
      params.add(item.outcome.message).add(item.outcome.retryable).add(item.outcome.topic_id);
    }
    SLUICE_TRY(const std::int64_t count,
               session.execute(fmt::format(kOutcomes, sql::placeholder_rows(2, piece.size(), 7)), params));
    return require_count(count, piece.size());
  });
}

}  // namespace sluice::governance::infrastructure
