#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "platform/core/sha256.h"
#include "platform/core/text.h"
#include "platform/sql/migrator.h"

namespace sluice::sql {
namespace {

Error bad_source(const MigrationSource& source, std::string_view what) {
  return {ErrorKind::kInternal,
          "migrate.bad-source",
          fmt::format("migration \"{}\" {}", source.name, what),
          "",
          {}};
}

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

// "-- dialect: sqlite" read with "-- dialect:" gives "sqlite".
std::optional<std::string_view> directive(std::string_view line, std::string_view name) {
  line = trim(line);
  if (!line.starts_with(name)) return std::nullopt;
  return trim(line.substr(name.size()));
}

Status read_line(const MigrationSource& source, std::string_view line, Dialect dialect,
                 bool& wanted, Migration& migration) {
  if (const auto name = directive(line, "-- dialect:")) {
    if (*name != "all" && *name != to_string(Dialect::kPostgres) &&
        *name != to_string(Dialect::kSqlite)) {
      return bad_source(source, fmt::format("names an unknown dialect \"{}\"", *name));
    }
    wanted = *name == "all" || *name == to_string(dialect);
  } else if (const auto reader = directive(line, "-- min-reader:")) {
    const auto version = parse_number(*reader);
    if (!version || *version > migration.version) {
      return bad_source(source, "has a min-reader that is not a version up to its own");
    }
    migration.min_reader = *version;
  } else if (trim(line) == "-- no-transaction") {
    migration.transactional = false;
  } else if (wanted) {
    migration.script.append(line).append("\n");
  }
  return {};
}

Result<Migration> parse_migration(const MigrationSource& source, std::int64_t version,
                                  Dialect dialect) {
  const auto underscore = source.name.find('_');
  const auto number = parse_number(source.name.substr(0, underscore));
  if (underscore != 4 || number != version) {
    return bad_source(source, fmt::format("should be called {:04}_name", version));
  }
  Migration migration;
  migration.version = version;
  migration.name = source.name.substr(underscore + 1);
  migration.checksum = sha256_hex(source.text);
  migration.min_reader = version;
  bool wanted = true;
  for (const std::string& line : split(source.text, '\n')) {
    SLUICE_CHECK(read_line(source, line, dialect, wanted, migration));
  }
  return migration;
}

}  // namespace

Result<std::vector<Migration>> parse_migrations(std::span<const MigrationSource> sources,
                                                Dialect dialect) {
  std::vector<Migration> migrations;
  for (const MigrationSource& source : sources) {
    const auto version = static_cast<std::int64_t>(migrations.size()) + 1;
    SLUICE_TRY(Migration migration, parse_migration(source, version, dialect));
    migrations.push_back(std::move(migration));
  }
  return migrations;
}

}  // namespace sluice::sql
