#include <gtest/gtest.h>

#include "platform/sql/migrator.h"

namespace sluice::sql {
namespace {

Result<Migration> parse_one(std::string_view text, Dialect dialect = Dialect::kPostgres) {
  const MigrationSource source{"0001_first", text};
  SLUICE_TRY(auto migrations, parse_migrations(std::span(&source, 1), dialect));
  return migrations.at(0);
}

TEST(MigrationSource, KeepsOnlyTheDialectsSections) {
  constexpr std::string_view kText =
      "A;\n-- dialect: postgres\nB;\n  -- dialect:  sqlite \nC;\n-- dialect: all\nD;";
  EXPECT_EQ(parse_one(kText).value().script, "A;\nB;\nD;\n");
  EXPECT_EQ(parse_one(kText, Dialect::kSqlite).value().script, "A;\nC;\nD;\n");
}

TEST(MigrationSource, NeedsAProgramThatKnowsItUnlessItSaysOtherwise) {
  EXPECT_EQ(parse_one("A;").value().min_reader, 1);
  EXPECT_EQ(parse_one("-- min-reader: 0\nA;").value().min_reader, 0);
}

TEST(MigrationSource, IsTransactionalUnlessItSaysOtherwise) {
  EXPECT_TRUE(parse_one("A; -- no-transaction").value().transactional);
  EXPECT_FALSE(parse_one("-- no-transaction\nA;").value().transactional);
}

TEST(MigrationSource, HasOneChecksumForAllDialects) {
  const auto text = "A;\n-- dialect: sqlite\nB;";
  EXPECT_EQ(parse_one(text).value().checksum, parse_one(text, Dialect::kSqlite).value().checksum);
  EXPECT_NE(parse_one(text).value().checksum, parse_one("A;").value().checksum);
}

TEST(MigrationSource, RefusesWhatBreaksTheRules) {
  for (const char* text :
       {"-- dialect: oracle\nA;", "-- min-reader: 2\nA;", "-- min-reader: x\nA;"}) {
    const auto migration = parse_one(text);
    ASSERT_FALSE(migration) << text;
    EXPECT_EQ(migration.error().code, "migrate.bad-source");
  }
  for (const char* name : {"0002_gap", "1_short", "0001", "00001_long", "x001_y", ""}) {
    const MigrationSource source{name, "A;"};
    EXPECT_FALSE(parse_migrations(std::span(&source, 1), Dialect::kSqlite)) << name;
  }
}

}  // namespace
}  // namespace sluice::sql
