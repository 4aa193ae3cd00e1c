#include "notify/infrastructure/sql_delivery_store.h"

#include "notify/infrastructure/message_json.h"

namespace sluice::notify::infrastructure {
namespace {

using domain::Delivery;
using domain::DeliveryRecord;

constexpr int kMostEnded = 1'000;  // rows that one call ends or drops: a short transaction each

constexpr std::string_view kClaim = R"(
UPDATE notify_deliveries SET attempts = attempts + 1, lease_until_ms = @now + $2
 WHERE id = (SELECT id FROM notify_deliveries
              WHERE state = 'PENDING' AND target = $1 AND due_at_ms <= @now AND lease_until_ms <= @now
              ORDER BY due_at_ms, id COLLATE "C" LIMIT 1 @unlocked)
RETURNING id, target, part, message, attempts)";

// The attempt is the fence: a claim that outlived its lease changes nothing.
constexpr std::string_view kDelivered = R"(
UPDATE notify_deliveries SET state = 'DELIVERED', finished_at_ms = @now, reason = ''
 WHERE id = $1 AND attempts = $2 AND state = 'PENDING')";

constexpr std::string_view kDead = R"(
UPDATE notify_deliveries SET state = 'DEAD', finished_at_ms = @now, reason = $3
 WHERE id = $1 AND attempts = $2 AND state = 'PENDING')";

constexpr std::string_view kPostpone = R"(
UPDATE notify_deliveries SET due_at_ms = @now + $3, lease_until_ms = 0, reason = $4
 WHERE id = $1 AND attempts = $2 AND state = 'PENDING')";

constexpr std::string_view kEndOverdue = R"(
UPDATE notify_deliveries
   SET state = 'DEAD', finished_at_ms = @now,
       reason = CASE WHEN reason = '' THEN 'waited too long' ELSE 'waited too long; last: ' || reason END
 WHERE id IN (SELECT id FROM notify_deliveries
               WHERE state = 'PENDING' AND lease_until_ms <= @now AND queued_at_ms < @now - $1
               ORDER BY id COLLATE "C" LIMIT $2 @unlocked)
RETURNING target)";

constexpr std::string_view kCountAllPending =
    "SELECT CAST(count(*) AS bigint) AS pending FROM notify_deliveries WHERE state = 'PENDING'";

constexpr std::string_view kEndOldest = R"(
UPDATE notify_deliveries
   SET state = 'DEAD', finished_at_ms = @now,
       reason = CASE WHEN reason = '' THEN 'the queue was full' ELSE 'the queue was full; last: ' || reason END
 WHERE id IN (SELECT id FROM notify_deliveries
               WHERE state = 'PENDING' AND lease_until_ms <= @now
               ORDER BY queued_at_ms, id COLLATE "C" LIMIT $1 @unlocked)
RETURNING target)";

constexpr std::string_view kDropEnded = R"(
DELETE FROM notify_deliveries
 WHERE id IN (SELECT id FROM notify_deliveries
               WHERE state IN ('DELIVERED', 'DEAD') AND finished_at_ms < @now - $1
               ORDER BY id COLLATE "C" LIMIT $2 @unlocked))";

constexpr std::string_view kCountPending =
    "SELECT target, CAST(count(*) AS bigint) AS pending FROM notify_deliveries WHERE state = 'PENDING' GROUP BY target";

constexpr std::string_view kList = R"(
SELECT id, target, part, event, environment, change_id, state, attempts, reason, created_at_ms, due_at_ms, finished_at_ms
  FROM notify_deliveries
 WHERE (CAST($1 AS text) = '' OR state = $1) AND (CAST($2 AS text) = '' OR target = $2)
   AND (CAST($3 AS text) = '' OR id COLLATE "C" < $3)
 ORDER BY id COLLATE "C" DESC LIMIT $4)";

constexpr std::string_view kFind = R"(
SELECT id, target, part, event, environment, change_id, state, attempts, reason, created_at_ms, due_at_ms, finished_at_ms
  FROM notify_deliveries WHERE id = $1)";

constexpr std::string_view kRevive = R"(
UPDATE notify_deliveries
   SET state = 'PENDING', finished_at_ms = NULL, attempts = 0, lease_until_ms = 0, due_at_ms = @now, queued_at_ms = @now
 WHERE id = $1 AND state = 'DEAD')";

domain::Part part_of(std::string_view text) {
  return text == domain::to_string(domain::Part::kTransition) ? domain::Part::kTransition : domain::Part::kMessage;
}

Result<DeliveryRecord> read_record(sql::Row row) {
  DeliveryRecord record;
  record.id = row.text("id");
  record.target = row.text("target");
  record.part = part_of(row.text("part"));
  record.event = row.text("event");
  record.environment = row.text("environment");
  record.change_id = row.text("change_id");
  record.state = domain::parse_delivery_state(row.text("state")).value_or(domain::DeliveryState::kPending);
  record.attempts = row.integer("attempts");
  record.reason = row.text("reason");
  record.created_at = row.time("created_at_ms");
  record.due_at = row.time("due_at_ms");
  record.finished_at = row.optional_time("finished_at_ms");
  SLUICE_CHECK(row.status());
  return record;
}

std::map<std::string, std::int64_t> count_targets(const sql::Rows& rows) {
  std::map<std::string, std::int64_t> counts;
  for (std::size_t i = 0; i < rows.size(); ++i) ++counts[rows.row(i).text("target")];
  return counts;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

}  // namespace

std::string in_dialect(sql::Dialect dialect, std::string_view statement) {
  const bool postgres = dialect == sql::Dialect::kPostgres;
  std::string text(statement);
  replace_all(text, "@now",
              postgres ? "CAST(extract(epoch FROM statement_timestamp()) * 1000 AS bigint)"
                       : "CAST((julianday('now') - 2440587.5) * 86400000 AS bigint)");
  replace_all(text, "@unlocked", postgres ? "FOR UPDATE SKIP LOCKED" : "");
  return text;
}

std::string SqlDeliveryStore::in_dialect(std::string_view statement) const {
  return infrastructure::in_dialect(database_.dialect(), statement);
}

Result<bool> SqlDeliveryStore::execute_one(std::string_view statement, const sql::Params& params) {
  SLUICE_TRY(const std::int64_t changed, database_.execute(in_dialect(statement), params));
  return changed > 0;
}

Result<std::optional<Delivery>> SqlDeliveryStore::claim(const std::string& target, std::chrono::milliseconds lease) {
  SLUICE_TRY(const sql::Rows rows, database_.query(in_dialect(kClaim), {target, lease.count()}));
  if (rows.empty()) return std::optional<Delivery>();
  sql::Row row = rows.row(0);
  Delivery delivery;
  delivery.id = row.text("id");
  delivery.target = row.text("target");
  delivery.part = part_of(row.text("part"));
  delivery.attempts = row.integer("attempts");
  const std::string message = row.text("message");
  SLUICE_CHECK(row.status());
  SLUICE_TRY(delivery.message, read_message(message));
  return std::optional(std::move(delivery));
}

Result<bool> SqlDeliveryStore::mark_delivered(const Delivery& claimed) {
  return execute_one(kDelivered, {claimed.id, claimed.attempts});
}

Result<bool> SqlDeliveryStore::mark_dead(const Delivery& claimed, const std::string& reason) {
  return execute_one(kDead, {claimed.id, claimed.attempts, reason.empty() ? "unknown" : reason});
}

Result<bool> SqlDeliveryStore::postpone(const Delivery& claimed, std::chrono::milliseconds wait,
                                        const std::string& reason) {
  return execute_one(kPostpone, {claimed.id, claimed.attempts, wait.count(), reason});
}

Result<std::map<std::string, std::int64_t>> SqlDeliveryStore::end_overdue(std::chrono::milliseconds max_age) {
  SLUICE_TRY(const sql::Rows rows, database_.query(in_dialect(kEndOverdue), {max_age.count(), kMostEnded}));
  return count_targets(rows);
}

Result<std::map<std::string, std::int64_t>> SqlDeliveryStore::end_beyond(std::int64_t limit) {
  return database_.transaction([&](sql::Session& session) -> Result<std::map<std::string, std::int64_t>> {
    SLUICE_TRY(const sql::Rows counted, session.query(kCountAllPending));
    sql::Row row = counted.row(0);
    const std::int64_t excess = row.integer("pending") - limit;
    SLUICE_CHECK(row.status());
    if (excess <= 0) return std::map<std::string, std::int64_t>();
    SLUICE_TRY(const sql::Rows rows,
               session.query(in_dialect(kEndOldest), {std::min<std::int64_t>(excess, kMostEnded)}));
    return count_targets(rows);
  });
}

Status SqlDeliveryStore::drop_ended(std::chrono::milliseconds after) {
  SLUICE_CHECK(database_.execute(in_dialect(kDropEnded), {after.count(), kMostEnded}));
  return {};
}

Result<std::map<std::string, std::int64_t>> SqlDeliveryStore::count_pending() {
  SLUICE_TRY(const sql::Rows rows, database_.query(kCountPending));
  std::map<std::string, std::int64_t> counts;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sql::Row row = rows.row(i);
    const std::string target = row.text("target");
    counts[target] = row.integer("pending");
    SLUICE_CHECK(row.status());
  }
  return counts;
}

Result<std::vector<DeliveryRecord>> SqlDeliveryStore::list(const domain::DeliveryFilter& filter,
                                                           const std::string& before_id, int limit) {
  const std::string state(filter.state ? domain::to_string(*filter.state) : "");
  SLUICE_TRY(const sql::Rows rows, database_.query(kList, {state, filter.target, before_id, limit}));
  std::vector<DeliveryRecord> page;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SLUICE_TRY(DeliveryRecord record, read_record(rows.row(i)));
    page.push_back(std::move(record));
  }
  return page;
}

Result<std::optional<DeliveryRecord>> SqlDeliveryStore::find(const std::string& id) {
  SLUICE_TRY(const sql::Rows rows, database_.query(kFind, {id}));
  if (rows.empty()) return std::optional<DeliveryRecord>();
  SLUICE_TRY(DeliveryRecord record, read_record(rows.row(0)));
  return std::optional(std::move(record));
}

Result<bool> SqlDeliveryStore::revive(const std::string& id) { return execute_one(kRevive, {id}); }

}  // namespace sluice::notify::infrastructure
