#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "platform/postgres/database.h"
#include "platform/postgres/pool.h"
#include "platform/sqlite/database.h"

namespace sluice::test {

// A fresh PostgreSQL database on the server that CTest started; dropped with whoever is connected.
class PostgresTestDatabase {
 public:
  PostgresTestDatabase();
  ~PostgresTestDatabase();
  PostgresTestDatabase(const PostgresTestDatabase&) = delete;
  PostgresTestDatabase& operator=(const PostgresTestDatabase&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] postgres::PoolOptions pool_options() const;

 private:
  std::string name_;
  std::string url_;
};

// A folder of its own, removed at the end.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::filesystem::path& where = std::filesystem::temp_directory_path());
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }

 private:
  std::string folder_;
};

// An empty database of either kind behind the SQL port, for suites that run on both. PostgreSQL's
// has the schema "sluice".
class TestDatabase {
 public:
  virtual ~TestDatabase() = default;
  virtual sql::Database& database() = 0;
};
std::unique_ptr<TestDatabase> make_test_database(sql::Dialect dialect);

}  // namespace sluice::test
