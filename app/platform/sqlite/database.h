// The SQL port on one SQLite file, for a laptop or a single small server. Thread-safe: one
// connection, handed to one transaction at a time. One process owns the file (see lock_file.h).
// Durable: WAL with synchronous=FULL, a commit that returned survives a power cut.
#pragma once

#include <memory>
#include <string>

#include "platform/core/mutex.h"
#include "platform/sql/database.h"
#include "platform/sqlite/lock_file.h"

namespace sluice::sqlite {

class Handle;  // the sqlite3 connection

class Database final : public sql::Database {
 public:
  // Creates the file (readable by its owner only) when there is none. sqlite.locked when another
  // process, or another Database of this one, has it.
  static Result<std::unique_ptr<Database>> open(const std::string& path);
  Database(LockFile lock, std::unique_ptr<Handle> handle);
  ~Database() override;

  [[nodiscard]] sql::Dialect dialect() const override { return sql::Dialect::kSqlite; }
  Status ping(Deadline deadline) override;
  Result<std::unique_ptr<sql::SchemaSession>> open_schema_session(Deadline deadline) override;

 protected:
  Status run(const Body& body, const sql::TransactionOptions& options) override;

 private:
  friend class Turn;
  Status run_once(const Body& body, Deadline deadline, bool& busy);

  LockFile lock_;                   // first: released last
  std::unique_ptr<Handle> handle_;  // used by whoever has the turn
  Mutex mutex_;
  ConditionVariable turn_over_;
  bool taken_ SLUICE_GUARDED_BY(mutex_) = false;
};

}  // namespace sluice::sqlite
