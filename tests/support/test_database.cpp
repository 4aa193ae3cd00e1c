#include "support/test_database.h"

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "platform/core/id_source.h"
#include "support/servers.h"

namespace sluice::test {
namespace {

Deadline soon() { return Deadline::after(std::chrono::seconds{30}); }

void administer(const std::string& statement) {
  postgres::ConnectionOptions options;
  options.url = test_server("SLUICE_TEST_DATABASE_URL");
  options.statement_timeout = std::chrono::seconds{30};
  auto connection = postgres::Connection::open(options, soon());
  if (!connection) throw std::runtime_error(connection.error().describe());
  const auto done = (*connection)->run_script(statement, soon());
  if (!done) throw std::runtime_error(done.error().describe());
}

// postgresql://…/postgres with another database's name.
std::string with_database(std::string url, std::string_view name) {
  const auto slash = url.find_last_of('/');
  return url.replace(slash + 1, std::string::npos, name);
}

class OnPostgres final : public TestDatabase {
 public:
  OnPostgres() : pool_(server_.pool_options()), database_(pool_) {
    if (!database_.open_schema_session(soon())) throw std::runtime_error("no schema");
  }
  sql::Database& database() override { return database_; }

 private:
  PostgresTestDatabase server_;
  postgres::Pool pool_;
  postgres::Database database_;
};

// Its commits wait for no disk: nothing here outlives the power either way.
std::filesystem::path folder_in_memory() {
  const std::filesystem::path memory = "/dev/shm";
  return std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
}

class OnSqlite final : public TestDatabase {
 public:
  OnSqlite() {
    auto opened = sqlite::Database::open(folder_.path("test.db"));
    if (!opened) throw std::runtime_error(opened.error().describe());
    database_ = std::move(*opened);
  }
  sql::Database& database() override { return *database_; }

 private:
  TemporaryFolder folder_{folder_in_memory()};
  std::unique_ptr<sqlite::Database> database_;
};

}  // namespace

PostgresTestDatabase::PostgresTestDatabase()
    : name_("test_" + random_hex(8)),
      url_(with_database(test_server("SLUICE_TEST_DATABASE_URL"), name_)) {
  administer("CREATE DATABASE " + name_);
}

PostgresTestDatabase::~PostgresTestDatabase() {
  try {
    administer("DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (const std::runtime_error&) {
    // The server goes away with all its databases at the end of the run.
  }
}

postgres::PoolOptions PostgresTestDatabase::pool_options() const {
  postgres::PoolOptions options;
  options.connection.url = url_;
  options.connection.role = "test";
  return options;
}

TemporaryFolder::TemporaryFolder(const std::filesystem::path& where) {
  std::string pattern = where / "sluice-test-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::unique_ptr<TestDatabase> make_test_database(sql::Dialect dialect) {
  switch (dialect) {
    case sql::Dialect::kPostgres: return std::make_unique<OnPostgres>();
    case sql::Dialect::kSqlite: return std::make_unique<OnSqlite>();
  }
  return nullptr;
}

}  // namespace sluice::test
