#include "platform/sql/migrator.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace sluice::sql {
namespace {

constexpr std::string_view kCreateTable =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    " version bigint NOT NULL PRIMARY KEY,"
    " name text NOT NULL,"
    " checksum text NOT NULL,"
    " min_reader_version bigint NOT NULL,"
    " applied_at_ms bigint NOT NULL)";

std::string_view table_exists_query(Dialect dialect) {
  switch (dialect) {
    case Dialect::kPostgres: return "SELECT 1 WHERE to_regclass('schema_migrations') IS NOT NULL";
    case Dialect::kSqlite:
      return "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'";
  }
  return "";
}

Error conflict(std::string_view code, std::string message, std::string_view fix) {
  return {ErrorKind::kConflict, std::string(code), std::move(message), std::string(fix), {}};
}

}  // namespace

struct Migrator::Applied {
  std::int64_t version = 0;
  std::string name;
  std::string checksum;
  std::int64_t min_reader = 0;
  TimePoint applied_at;
};

Migrator::Migrator(Database& database, std::vector<Migration> migrations, const Clock& clock)
    : database_(database), migrations_(std::move(migrations)), clock_(clock) {}

std::int64_t Migrator::latest() const { return static_cast<std::int64_t>(migrations_.size()); }

Result<std::vector<Migrator::Applied>> Migrator::read_applied(Session& session) {
  std::vector<Applied> applied;
  SLUICE_TRY(const Rows exists, session.query(table_exists_query(database_.dialect())));
  if (exists.empty()) return applied;
  SLUICE_TRY(const Rows rows, session.query("SELECT version, name, checksum, min_reader_version,"
                                            " applied_at_ms FROM schema_migrations"
                                            " ORDER BY version"));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Row row = rows.row(i);
    applied.push_back({row.integer("version"), row.text("name"), row.text("checksum"),
                       row.integer("min_reader_version"), row.time("applied_at_ms")});
    SLUICE_CHECK(row.status());
  }
  return applied;
}

Status Migrator::compare(const std::vector<Applied>& applied) const {
  std::int64_t expected = 1;
  for (const Applied& row : applied) {
    if (row.version > latest()) {
      if (row.min_reader <= latest()) continue;
      return conflict(
          "migrate.newer-schema",
          fmt::format("the database is at migration {} ({}), which needs a program that "
                      "knows migration {}; this one knows {}",
                      row.version, row.name, row.min_reader, latest()),
          "start a newer version of sluice");
    }
    if (row.version != expected) {
      return conflict(
          "migrate.out-of-order",
          fmt::format("the database has migration {} but not {}", row.version, expected),
          "restore the database's schema_migrations table, or the schema, from a backup");
    }
    const Migration& ours = migrations_[static_cast<std::size_t>(row.version) - 1];
    if (ours.checksum != row.checksum) {
      return conflict("migrate.checksum-mismatch",
                      fmt::format("migration {} ({}) was applied with another text than this "
                                  "program's",
                                  row.version, row.name),
                      "a released migration must never be edited: add a new one instead");
    }
    ++expected;
  }
  return {};
}

Result<std::vector<MigrationStatus>> Migrator::status(Deadline deadline) {
  SLUICE_TRY(const auto applied,
             database_.transaction([&](Session& session) { return read_applied(session); },
                                   {.deadline = deadline}));
  std::vector<MigrationStatus> result;
  for (const Applied& row : applied) {
    const auto state = row.version > latest() ? MigrationState::kUnknown : MigrationState::kApplied;
    result.push_back({row.version, row.name, state, row.applied_at});
  }
  for (const Migration& migration : migrations_) {
    const bool done = std::any_of(applied.begin(), applied.end(), [&](const Applied& row) {
      return row.version == migration.version;
    });
    if (!done) {
      result.push_back({migration.version, migration.name, MigrationState::kPending, std::nullopt});
    }
  }
  std::sort(result.begin(), result.end(),
            [](const auto& a, const auto& b) { return a.version < b.version; });
  return result;
}

Status Migrator::check(Deadline deadline) {
  SLUICE_TRY(const auto applied,
             database_.transaction([&](Session& session) { return read_applied(session); },
                                   {.deadline = deadline}));
  SLUICE_CHECK(compare(applied));
  if (std::ssize(applied) >= latest()) return {};
  return conflict("migrate.pending",
                  fmt::format("the database is at migration {}; this program needs {}",
                              applied.size(), latest()),
                  "run `sluice migrate up`");
}

Status Migrator::apply(SchemaSession& session, const Migration& migration) {
  if (migration.transactional) SLUICE_CHECK(session.begin());
  const auto record = [&]() -> Status {
    SLUICE_CHECK(session.run_script(migration.script));
    SLUICE_CHECK(
        session.execute("INSERT INTO schema_migrations (version, name, checksum,"
                        " min_reader_version, applied_at_ms) VALUES ($1, $2, $3, $4, $5)",
                        {migration.version, migration.name, migration.checksum,
                         migration.min_reader, clock_.now()}));
    return migration.transactional ? session.commit() : Status{};
  };
  Status recorded = record();
  if (recorded) return {};
  if (migration.transactional) session.rollback();
  Error error = std::move(recorded).error();
  error.message =
      fmt::format("migration {} ({}) failed: {}", migration.version, migration.name, error.message);
  return error;
}

Result<std::vector<std::int64_t>> Migrator::up(Deadline deadline) {
  SLUICE_TRY(const auto session, database_.open_schema_session(deadline));
  SLUICE_CHECK(session->execute(kCreateTable));
  SLUICE_TRY(const auto applied, read_applied(*session));
  SLUICE_CHECK(compare(applied));
  std::vector<std::int64_t> done;
  for (std::size_t i = applied.size(); i < migrations_.size(); ++i) {
    SLUICE_CHECK(apply(*session, migrations_[i]));
    done.push_back(migrations_[i].version);
  }
  return done;
}

}  // namespace sluice::sql
