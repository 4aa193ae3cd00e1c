// The metadata database that the configuration names: PostgreSQL, or SQLite when none is named; and
// its schema, which may become ready only after the program has started.
#pragma once

#include <atomic>
#include <memory>
#include <stop_token>
#include <string>

#include "platform/config/config.h"
#include "platform/core/clock.h"
#include "platform/log/logger.h"
#include "platform/metrics/registry.h"
#include "platform/postgres/pool.h"
#include "platform/sql/database.h"
#include "platform/sql/migrator.h"

namespace sluice {

class MetadataStore {
 private:
  struct Opened {};  // only open() can make one

 public:
  MetadataStore(Opened, std::stop_source hurry, std::unique_ptr<postgres::Pool> pool, std::unique_ptr<sql::Database> database,
                std::unique_ptr<sql::Migrator> migrator, bool migrate);

  // Connects to nothing yet; SQLite opens its file and takes its lock.
  static Result<std::unique_ptr<MetadataStore>> open(const config::Database& config, const Clock& clock);

  [[nodiscard]] sql::Database& database() { return *database_; }
  [[nodiscard]] std::string_view name() const { return to_string(database_->dialect()); }
  [[nodiscard]] sql::Migrator& migrator() { return *migrator_; }

  // Migrates, or checks where the configuration says that somebody else migrates. Safe to repeat.
  // kConflict: this program can't work with that schema, however often it tries.
  Status prepare(Deadline deadline);
  // Whether the store can be used now: prepares what is not yet prepared, then asks the database.
  Status check(Deadline deadline);
  // The process is stopping and has drained: from now on a database that hangs is hardly waited for.
  void hurry() { hurry_.request_stop(); }
  void export_metrics(metrics::Registry& metrics) const;

 private:
  std::stop_source hurry_;
  std::unique_ptr<postgres::Pool> pool_;  // null with SQLite
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<sql::Migrator> migrator_;
  const bool migrate_;
  std::atomic<bool> prepared_{false};
};

}  // namespace sluice
