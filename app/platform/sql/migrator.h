// Numbered migrations, safe under concurrent starts, such that version N and N+1 of the program run
// side by side (expand, migrate, contract).
//
// A migration is one file, db/migrations/NNNN_name.sql, numbered from 0001 without gaps, and never
// edited once released (its checksum is stored). Directives stand in comments of their own line:
//   -- min-reader: 3        programs that know migrations up to 3 still work with this schema;
//   without
//                           it only programs that know this migration do
//   -- no-transaction       for what can't run in one (CREATE INDEX CONCURRENTLY): a single
//                           statement, which must bear being run again
//   -- dialect: postgres    what follows is for that dialect only (postgres, sqlite, all)
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/clock.h"
#include "platform/sql/database.h"

namespace sluice::sql {

// A file as it was embedded: "0001_governance_plans", its text.
struct MigrationSource {
  std::string_view name;
  std::string_view text;
};

struct Migration {
  std::int64_t version = 0;
  std::string name;
  std::string checksum;         // SHA-256 of the file
  std::int64_t min_reader = 0;  // the oldest program that works with the schema after it
  bool transactional = true;
  std::string script;  // for the dialect asked for; may be empty
};

// kInternal (code migrate.bad-source) for a file that breaks the rules above.
Result<std::vector<Migration>> parse_migrations(std::span<const MigrationSource> sources,
                                                Dialect dialect);

enum class MigrationState : std::uint8_t {
  kApplied,
  kPending,
  kUnknown
};  // unknown: newer than us

struct MigrationStatus {
  std::int64_t version = 0;
  std::string name;
  MigrationState state = MigrationState::kPending;
  std::optional<TimePoint> applied_at;
};

// Error codes: migrate.newer-schema, migrate.checksum-mismatch, migrate.out-of-order,
// migrate.pending (all kConflict), migrate.busy (kTimeout), or the failing statement's own.
class Migrator {
 public:
  // `migrations` in order of version, as parse_migrations gives them.
  Migrator(Database& database, std::vector<Migration> migrations, const Clock& clock);

  Result<std::vector<MigrationStatus>> status(Deadline deadline);
  // Applies what is pending; the versions applied. Waits for another process that is at it.
  Result<std::vector<std::int64_t>> up(Deadline deadline);
  // For a program about to start: the schema is one it can work with.
  Status check(Deadline deadline);

 private:
  struct Applied;
  Result<std::vector<Applied>> read_applied(Session& session);
  Status compare(const std::vector<Applied>& applied) const;
  Status apply(SchemaSession& session, const Migration& migration);
  [[nodiscard]] std::int64_t latest() const;

  Database& database_;
  std::vector<Migration> migrations_;
  const Clock& clock_;
};

}  // namespace sluice::sql
