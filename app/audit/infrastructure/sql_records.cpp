#include "audit/infrastructure/sql_records.h"

#include <limits>
#include <set>

#include <fmt/format.h>

#include "audit/infrastructure/record_rows.h"

namespace sluice::audit::infrastructure {
namespace {

using domain::CheckpointRef;
using domain::Record;
using domain::RecordOrder;

constexpr std::size_t kVerifiedAtOnce = 2'000;

constexpr std::string_view kChainPage =
    " FROM audit_records WHERE environment = $1 AND seq > $2 ORDER BY seq LIMIT $3";
constexpr std::string_view kNextEnvironment =
    "SELECT min(environment) AS environment FROM audit_records WHERE environment > $1";
constexpr std::string_view kHeads = "SELECT environment, seq, hash FROM audit_chains ORDER BY environment";
constexpr std::string_view kHashAt = "SELECT hash FROM audit_records WHERE environment = $1 AND seq = $2";
constexpr std::string_view kPostgresOrigin =
    "SELECT CAST(system_identifier AS text) || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS origin"
    " FROM pg_control_system()";

// Builds "… AND column = $3", numbering the parameters.
class Conditions {
 public:
  void equal(std::string_view column, const std::string& value) {
    if (!value.empty()) add(fmt::format("{} = ", column), value);
  }
  void add(std::string_view condition, sql::Value value) {
    params_.add(std::move(value));
    text_ += fmt::format("{}{}${}", text_.empty() ? " WHERE " : " AND ", condition, params_.size());
  }
  // A comparison of rows, which both databases answer from an index.
  void behind(std::string_view columns, std::string_view sign, std::initializer_list<sql::Value> values) {
    std::string places;
    for (const sql::Value& value : values) {
      params_.add(value);
      places += fmt::format("{}${}", places.empty() ? "" : ", ", params_.size());
    }
    text_ += fmt::format("{}({}) {} ({})", text_.empty() ? " WHERE " : " AND ", columns, sign, places);
  }
  std::string limited(std::string_view order, std::size_t limit) {
    params_.add(limit);
    return fmt::format("{} ORDER BY {} LIMIT ${}", text_, order, params_.size());
  }
  [[nodiscard]] const sql::Params& params() const { return params_; }

 private:
  std::string text_;
  sql::Params params_;
};

void add_filter(Conditions& where, const domain::RecordFilter& filter) {
  where.equal("environment", filter.environment);
  where.equal("target", filter.target);
  where.equal("name", filter.name);
  where.equal("actor", filter.actor);
  // What the index of changes is about, said for the planner.
  if (!filter.change_id.empty()) where.add("change_id <> '' AND change_id = ", filter.change_id);
  where.equal("outcome", filter.outcome);
  where.equal("action", filter.action);
  if (filter.from) where.add("at_ms >= ", *filter.from);
  if (filter.to) where.add("at_ms < ", *filter.to);
}

// environment compares by bytes on both databases: its column says so, and its indexes hold it so.
std::string page_statement(Conditions& where, RecordOrder order, const std::optional<domain::RecordPlace>& after,
                           std::size_t limit) {
  if (order == RecordOrder::kNewest) {
    if (after) where.behind("at_ms, environment, seq", "<", {after->at, after->environment, after->seq});
    return where.limited("at_ms DESC, environment DESC, seq DESC", limit);
  }
  if (after) where.behind("environment, seq", ">", {after->environment, after->seq});
  return where.limited("environment, seq", limit);
}

Status visit_chain(sql::Session& session, const std::string& environment, domain::ChainVisitor& visitor) {
  Record record;  // reused: a million records, no allocations
  const std::string statement = std::string(kSelectRecords) + std::string(kChainPage);
  for (std::int64_t after = std::numeric_limits<std::int64_t>::min();;) {
    SLUICE_TRY(const sql::Rows rows, session.query(statement, {environment, after, kVerifiedAtOnce}));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Status read = read_record(rows, i, record);
      if (!read) {
        visitor.unreadable(environment, record.seq, read.error().message);
        return {};
      }
      visitor.record(record);
    }
    if (rows.size() < kVerifiedAtOnce) return {};
    after = record.seq;
  }
}

// The environments that have records.
Result<std::set<std::string>> visit_records(sql::Session& session, domain::ChainVisitor& visitor) {
  std::set<std::string> environments;
  for (std::string environment;;) {
    SLUICE_TRY(const sql::Rows rows, session.query(kNextEnvironment, {environment}));
    sql::Row row = rows.row(0);
    const auto next = row.optional_text("environment");
    SLUICE_CHECK(row.status());
    if (!next) return environments;
    environment = *next;
    environments.insert(environment);
    SLUICE_CHECK(visit_chain(session, environment, visitor));
  }
}

Result<std::vector<CheckpointRef>> read_heads(const sql::Rows& rows) {
  std::vector<CheckpointRef> heads;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sql::Row row = rows.row(i);
    heads.push_back({row.text("environment"), row.integer("seq"), row.text("hash")});
    SLUICE_CHECK(row.status());
  }
  return heads;
}

Status visit_all(sql::Session& session, domain::ChainVisitor& visitor) {
  SLUICE_TRY(const sql::Rows rows, session.query(kHeads));
  SLUICE_TRY(const auto heads, read_heads(rows));
  SLUICE_TRY(auto headless, visit_records(session, visitor));
  for (const CheckpointRef& head : heads) {
    visitor.head(head);
    headless.erase(head.environment);
  }
  for (const std::string& environment : headless) visitor.head({environment, 0, std::string(domain::kNoHash)});
  return {};
}

}  // namespace

Result<std::vector<Record>> SqlRecords::page(const domain::RecordFilter& filter, RecordOrder order,
                                             const std::optional<domain::RecordPlace>& after, std::size_t limit,
                                             Deadline deadline) {
  Conditions where;
  add_filter(where, filter);
  const std::string statement = std::string(kSelectRecords) + " FROM audit_records" +
                                page_statement(where, order, after, limit);
  SLUICE_TRY(const sql::Rows rows, database_.query(statement, where.params(), {.deadline = deadline}));
  std::vector<Record> records(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) SLUICE_CHECK(read_record(rows, i, records[i]));
  return records;
}

Result<std::vector<CheckpointRef>> SqlRecords::heads(Deadline deadline) {
  SLUICE_TRY(const sql::Rows rows, database_.query(kHeads, {}, {.deadline = deadline}));
  return read_heads(rows);
}

Result<std::optional<std::string>> SqlRecords::hash_at(std::string_view environment, std::int64_t seq,
                                                       Deadline deadline) {
  SLUICE_TRY(const sql::Rows rows, database_.query(kHashAt, {environment, seq}, {.deadline = deadline}));
  if (rows.empty()) return std::optional<std::string>();
  sql::Row row = rows.row(0);
  std::optional<std::string> hash = row.text("hash");
  SLUICE_CHECK(row.status());
  return hash;
}

Result<std::string> SqlRecords::origin(Deadline deadline) {
  if (database_.dialect() == sql::Dialect::kSqlite) return std::string("sqlite");
  SLUICE_TRY(const sql::Rows rows, database_.query(kPostgresOrigin, {}, {.deadline = deadline}));
  sql::Row row = rows.row(0);
  std::string origin = row.text("origin");
  SLUICE_CHECK(row.status());
  return origin;
}

Status SqlRecords::read(domain::ChainVisitor& visitor, Deadline deadline) {
  return database_.transaction([&](sql::Session& session) { return visit_all(session, visitor); },
                               {.deadline = deadline, .isolation = sql::Isolation::kRepeatableRead, .max_attempts = 1});
}

}  // namespace sluice::audit::infrastructure
