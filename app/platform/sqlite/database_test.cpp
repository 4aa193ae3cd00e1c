// What is SQLite's own; the promises of the port are tested on both databases elsewhere.
#include "platform/sqlite/database.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace sluice::sqlite {
namespace {

class SqliteDatabase : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "sluice-test-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = folder_ + "/test.db";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
  std::string path_;
};

TEST_F(SqliteDatabase, IsOwnedByOneProcessWhichTheErrorNames) {
  const auto first = Database::open(path_);
  ASSERT_TRUE(first) << first.error().describe();
  const pid_t other = ::fork();
  if (other == 0) {
    const auto second = Database::open(path_);
    const std::string owner = "process " + std::to_string(::getppid());
    const bool refused = !second && second.error().code == "sqlite.locked" &&
                         second.error().message.find(owner) != std::string::npos;
    ::_exit(refused ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(other, &status, 0), other);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST_F(SqliteDatabase, IsFreeAgainWhenItsOwnerHasGone) {
  ASSERT_TRUE(Database::open(path_));
  EXPECT_TRUE(Database::open(path_));
}

TEST_F(SqliteDatabase, KeepsWhatWasCommitted) {
  {
    const auto database = Database::open(path_);
    ASSERT_TRUE((*database)->execute("CREATE TABLE t (x bigint)"));
    ASSERT_TRUE((*database)->execute("INSERT INTO t VALUES (7)"));
  }
  const auto database = Database::open(path_);
  EXPECT_EQ((*database)->query("SELECT x FROM t").value().row(0).integer("x"), 7);
}

TEST_F(SqliteDatabase, IsReadableByItsOwnerOnly) {
  const auto database = Database::open(path_);
  struct stat file {};
  ASSERT_EQ(::stat(path_.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777U, 0600U);
}

TEST_F(SqliteDatabase, RefusesAFileThatIsNoDatabase) {
  std::ofstream(path_) << std::string(4096, 'x');
  const auto database = Database::open(path_);
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().code, "sqlite.corrupt");
}

TEST_F(SqliteDatabase, SaysThatItsFolderIsMissing) {
  const auto database = Database::open(folder_ + "/nowhere/test.db");
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().code, "sql.unavailable");
}

TEST_F(SqliteDatabase, EnforcesForeignKeys) {
  const auto database = Database::open(path_);
  ASSERT_TRUE((*database)->execute("CREATE TABLE a (id bigint PRIMARY KEY)"));
  ASSERT_TRUE((*database)->execute("CREATE TABLE b (a bigint REFERENCES a (id))"));
  EXPECT_EQ((*database)->execute("INSERT INTO b VALUES (1)").error().code,
            "sql.constraint-violation");
}

TEST_F(SqliteDatabase, GivesUpWaitingForATurnAtTheDeadline) {
  const auto database = Database::open(path_);
  const auto schema = (*database)->open_schema_session(Deadline::after(std::chrono::seconds{5}));
  ASSERT_TRUE(schema);
  sql::TransactionOptions options;
  options.deadline = Deadline::after(std::chrono::milliseconds{20});
  EXPECT_EQ((*database)->query("SELECT 1", {}, options).error().code, "sql.timeout");
}

}  // namespace
}  // namespace sluice::sqlite
