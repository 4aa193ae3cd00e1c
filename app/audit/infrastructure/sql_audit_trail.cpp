#include "audit/infrastructure/sql_audit_trail.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "platform/core/canonical_json.h"
#include "platform/core/sha256.h"
#include "platform/core/text.h"

namespace sluice::audit::infrastructure {
namespace {

constexpr std::size_t kLongestName = 1024;
constexpr std::size_t kLongestDetail = 8 * 1024;
constexpr std::size_t kLargestState = 256 * 1024;
constexpr int kColumns = 18;

constexpr std::string_view kInsert =
    "INSERT INTO audit_records (environment, seq, prev_hash, hash, at_ms, action, target, name, change_id, actor,"
    " actor_owner, actor_issuer, token_id, request_id, outcome, state_before, state_after, detail) VALUES ";

constexpr std::string_view kOpenChain =
    "INSERT INTO audit_chains (environment, seq, hash) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING";

constexpr std::string_view kMoveHead = "UPDATE audit_chains SET seq = $2, hash = $3 WHERE environment = $1";

// SQLite has one writer at a time and no such clause.
std::string_view lock_head(sql::Dialect dialect) {
  switch (dialect) {
    case sql::Dialect::kPostgres: return "SELECT seq, hash FROM audit_chains WHERE environment = $1 FOR UPDATE";
    case sql::Dialect::kSqlite: return "SELECT seq, hash FROM audit_chains WHERE environment = $1";
  }
  return "";
}

std::string insert_of(std::size_t rows) {
  std::string text{kInsert};
  int parameter = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    text += row == 0 ? "(" : ", (";
    for (int column = 0; column < kColumns; ++column) text += fmt::format("{}${}", column == 0 ? "" : ", ", ++parameter);
    text += ")";
  }
  return text;
}

std::string without_odd_bytes(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) escaped.push_back(c);
    else escaped += fmt::format("\\x{:02x}", byte);
  }
  return escaped;
}

// A decision is never refused for what its record's text is.
std::string storable(const std::string& text, std::size_t limit) {
  const bool utf8 = is_valid_utf8(text);
  if (utf8 && text.size() <= limit && text.find('\0') == std::string::npos) return text;
  return printable(utf8 ? text : without_odd_bytes(text), limit);
}

std::string state_of(const Json& state) {
  std::string text = canonical_json(state);
  if (text.size() <= kLargestState && is_valid_utf8(text)) return text;
  return canonical_json({{"sha256", sha256_hex(text)}, {"bytes", text.size()}});
}

domain::Record record_of(const contract::Entry& entry) {
  domain::Record record;
  record.environment = entry.environment;
  record.action = storable(entry.action, kLongestName);
  record.target = storable(entry.target, kLongestName);
  record.name = storable(entry.name, kLongestName);
  record.change_id = storable(entry.change_id, kLongestName);
  record.actor = {storable(entry.actor.id, kLongestName), storable(entry.actor.owner, kLongestName),
                  storable(entry.actor.issuer, kLongestName), storable(entry.actor.token_id, kLongestName)};
  record.request_id = storable(entry.request_id, kLongestName);
  record.outcome = to_string(entry.outcome);
  record.before = state_of(entry.before);
  record.after = state_of(entry.after);
  record.detail = storable(entry.detail, kLongestDetail);
  return record;
}

void add(sql::Params& params, const domain::Record& record) {
  params.add(record.environment).add(record.seq).add(record.prev).add(record.hash).add(record.at);
  params.add(record.action).add(record.target).add(record.name).add(record.change_id);
  params.add(record.actor.id).add(record.actor.owner).add(record.actor.issuer).add(record.actor.token_id);
  params.add(record.request_id).add(record.outcome).add(record.before).add(record.after).add(record.detail);
}

// What can't be added was broken by a foreign hand: no fault of whoever asked for what is recorded.
template <typename T>
Status as_ours(const std::string& environment, const Result<T>& written) {
  if (written) return {};
  const ErrorKind kind = written.error().kind;
  if (kind != ErrorKind::kInvalid && kind != ErrorKind::kConflict) return written.error();
  return Error{ErrorKind::kInternal, "audit.chain-broken",
               fmt::format("The audit chain of '{}' takes no more records: {}", environment, written.error().message),
               "Run `sluice audit verify`; docs/runbooks/broken-chain.md says what to do.", {}};
}

}  // namespace

SqlAuditTrail::SqlAuditTrail(sql::Database& database, const Clock& clock, OnAppended on_appended)
    : database_(database), clock_(clock), on_appended_(std::move(on_appended)) {
  std::transform(kBatches.begin(), kBatches.end(), insert_.begin(), insert_of);
}

// In one order of environments, whatever the entries' order: two transactions can't wait for each other.
Status SqlAuditTrail::append(sql::Session& session, std::span<const contract::Entry> entries) {
  std::map<std::string, std::vector<const contract::Entry*>> by_environment;
  for (const contract::Entry& entry : entries) by_environment[entry.environment].push_back(&entry);
  for (const auto& [environment, group] : by_environment) {
    SLUICE_CHECK(append_to_chain(session, environment, group));
  }
  if (!on_appended_) return {};
  for (const contract::Entry& entry : entries) on_appended_(entry.outcome);
  return {};
}

Status SqlAuditTrail::record(std::span<const contract::Entry> entries, Deadline deadline) {
  if (entries.empty()) return {};
  return database_.transaction([&](sql::Session& session) { return append(session, entries); },
                               {.deadline = deadline});
}

Result<SqlAuditTrail::Head> SqlAuditTrail::lock_chain(sql::Session& session, const std::string& environment) {
  const std::string_view lock = lock_head(database_.dialect());
  SLUICE_TRY(sql::Rows rows, session.query(lock, {environment}));
  if (rows.empty()) {
    SLUICE_CHECK(session.execute(kOpenChain, {environment, domain::kNoHash}));
    SLUICE_TRY(rows, session.query(lock, {environment}));
  }
  sql::Row row = rows.row(0);
  Head head{row.integer("seq"), row.text("hash")};
  SLUICE_CHECK(row.status());
  return head;
}

Status SqlAuditTrail::append_to_chain(sql::Session& session, const std::string& environment,
                                      std::span<const contract::Entry* const> entries) {
  std::vector<domain::Record> records;
  records.reserve(entries.size());
  for (const contract::Entry* entry : entries) records.push_back(record_of(*entry));

  SLUICE_TRY(Head head, lock_chain(session, environment));
  const TimePoint now = clock_.now();
  for (domain::Record& record : records) {
    record.seq = ++head.seq;
    record.prev = std::exchange(head.hash, {});
    record.at = now;
    record.hash = head.hash = domain::hash_of(record);
  }
  SLUICE_CHECK(as_ours(environment, insert(session, records)));
  return as_ours(environment, session.execute(kMoveHead, {environment, head.seq, head.hash}));
}

Status SqlAuditTrail::insert(sql::Session& session, std::span<const domain::Record> records) {
  for (std::size_t size = 0; size < kBatches.size(); ++size) {
    while (records.size() >= kBatches.at(size)) {
      sql::Params params;
      for (const domain::Record& record : records.first(kBatches.at(size))) add(params, record);
      SLUICE_CHECK(session.execute(insert_.at(size), params));
      records = records.subspan(kBatches.at(size));
    }
  }
  return {};
}

}  // namespace sluice::audit::infrastructure
