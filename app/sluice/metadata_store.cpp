#include "sluice/metadata_store.h"

#include "db/migrations.h"
#include "platform/postgres/database.h"
#include "platform/sqlite/database.h"

namespace sluice {
namespace {

// A migration that is cut starts from nothing the next time: better late than never.
constexpr std::chrono::minutes kMigrationTime{10};

postgres::PoolOptions pool_options(const config::Database& config, const std::stop_source& hurry) {
  postgres::PoolOptions options;
  options.connection.url = config.url;
  options.connection.role = "governance";
  options.connection.statement_timeout = config.call_deadline;
  options.connection.hurry = hurry.get_token();
  options.max_connections = config.pool_size;
  return options;
}

}  // namespace

MetadataStore::MetadataStore(Opened, std::stop_source hurry, std::unique_ptr<postgres::Pool> pool,
                             std::unique_ptr<sql::Database> database, std::unique_ptr<sql::Migrator> migrator,
                             bool migrate)
    : hurry_(std::move(hurry)),
      pool_(std::move(pool)),
      database_(std::move(database)),
      migrator_(std::move(migrator)),
      migrate_(migrate) {}

Result<std::unique_ptr<MetadataStore>> MetadataStore::open(const config::Database& config,
                                                           const Clock& clock) {
  std::stop_source hurry;
  std::unique_ptr<postgres::Pool> pool;
  std::unique_ptr<sql::Database> database;
  if (config.is_postgres()) {
    pool = std::make_unique<postgres::Pool>(pool_options(config, hurry));
    database = std::make_unique<postgres::Database>(*pool);
  } else {
    SLUICE_TRY(database, sqlite::Database::open(config.sqlite_path));
  }
  SLUICE_TRY(auto migrations, sql::parse_migrations(db::migrations(), database->dialect()));
  auto migrator = std::make_unique<sql::Migrator>(*database, std::move(migrations), clock);
  return std::make_unique<MetadataStore>(Opened{}, std::move(hurry), std::move(pool), std::move(database),
                                         std::move(migrator), config.migrate_on_start);
}

Status MetadataStore::prepare(Deadline deadline) {
  if (migrate_) {
    SLUICE_CHECK(migrator_->up(deadline));
  } else {
    SLUICE_CHECK(migrator_->check(deadline));
  }
  prepared_ = true;
  return {};
}

Status MetadataStore::check(Deadline deadline) {
  SLUICE_CHECK(database_->ping(deadline));
  return prepared_ ? Status() : prepare(Deadline::after(kMigrationTime));
}

void MetadataStore::export_metrics(metrics::Registry& metrics) const {
  if (!pool_) return;
  const postgres::Pool* pool = pool_.get();
  metrics.gauge_callback("database_connections_in_use", "Pooled PostgreSQL connections at work.",
                         [pool] { return static_cast<double>(pool->stats().in_use); });
  metrics.gauge_callback("database_connections_idle", "Pooled PostgreSQL connections at rest.",
                         [pool] { return static_cast<double>(pool->stats().idle); });
  metrics.gauge_callback("database_connection_errors", "Failed attempts to connect since the start.",
                         [pool] { return static_cast<double>(pool->stats().connect_failures); });
}

}  // namespace sluice
