#include "platform/sqlite/database.h"

#include <fcntl.h>
#include <unistd.h>

#include <string_view>
#include <utility>

#include "platform/sql/errors.h"
#include "platform/sqlite/handle.h"

namespace sluice::sqlite {

// The right to use the connection, until it goes out of scope.
class Turn {
 public:
  static Result<Turn> take(Database& database, Deadline deadline) {
    MutexLock lock(database.mutex_);
    while (database.taken_) {
      if (!database.turn_over_.wait_until(database.mutex_, deadline) && database.taken_) {
        return sql::errors::timeout("waiting for another transaction on the SQLite file");
      }
    }
    database.taken_ = true;
    database.handle_->set_deadline(deadline);
    return Turn(database);
  }
  Turn(Turn&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Turn& operator=(Turn&&) = delete;
  ~Turn() {
    if (database_ == nullptr) return;
    {
      MutexLock lock(database_->mutex_);
      database_->taken_ = false;
    }
    database_->turn_over_.notify_one();
  }
  [[nodiscard]] Handle& handle() const { return *database_->handle_; }

 private:
  explicit Turn(Database& database) : database_(&database) {}
  Database* database_;
};

namespace {

class Session final : public sql::Session {
 public:
  explicit Session(Handle& handle) : handle_(handle) {}

  Result<sql::Rows> query(std::string_view sql, const sql::Params& params) override {
    return handle_.query(sql, params);
  }
  Result<std::int64_t> execute(std::string_view sql, const sql::Params& params) override {
    SLUICE_CHECK(handle_.query(sql, params));
    return handle_.changes();
  }

 private:
  Handle& handle_;
};

class SchemaSession final : public sql::SchemaSession {
 public:
  explicit SchemaSession(Turn turn) : turn_(std::move(turn)) {}
  ~SchemaSession() override { turn_.handle().rollback(); }

  Result<sql::Rows> query(std::string_view sql, const sql::Params& params) override {
    return turn_.handle().query(sql, params);
  }
  Result<std::int64_t> execute(std::string_view sql, const sql::Params& params) override {
    SLUICE_CHECK(query(sql, params));
    return turn_.handle().changes();
  }
  Status run_script(std::string_view script) override { return turn_.handle().run_script(script); }
  Status begin() override { return turn_.handle().run_script("BEGIN IMMEDIATE"); }
  Status commit() override { return turn_.handle().run_script("COMMIT"); }
  void rollback() override { turn_.handle().rollback(); }

 private:
  Turn turn_;
};

// SQLite would create the file with the umask's rights; it holds hashes of secrets.
Status create_private(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) {
    return sql::errors::unavailable("the SQLite file " + path + " can't be opened or created",
                                    "check that the folder exists and that sluice may write in it");
  }
  ::close(fd);
  return {};
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const std::string& path) {
  SLUICE_TRY(LockFile lock, LockFile::acquire(path + ".lock"));
  SLUICE_CHECK(create_private(path));
  SLUICE_TRY(auto handle, Handle::open(path));
  return std::make_unique<Database>(std::move(lock), std::move(handle));
}

Database::Database(LockFile lock, std::unique_ptr<Handle> handle)
    : lock_(std::move(lock)), handle_(std::move(handle)) {}

Database::~Database() = default;

Status Database::ping(Deadline deadline) {
  SLUICE_TRY(const Turn turn, Turn::take(*this, deadline));
  SLUICE_CHECK(turn.handle().query("SELECT count(*) FROM sqlite_master", {}));
  return {};
}

Result<std::unique_ptr<sql::SchemaSession>> Database::open_schema_session(Deadline deadline) {
  auto turn = Turn::take(*this, deadline);
  if (!turn) return sql::errors::schema_busy();
  return std::unique_ptr<sql::SchemaSession>(std::make_unique<SchemaSession>(std::move(*turn)));
}

Status Database::run(const Body& body, const sql::TransactionOptions& options) {
  for (int attempt = 1;; ++attempt) {
    bool busy = false;
    Status status = run_once(body, options.deadline, busy);
    if (status || !busy || attempt >= options.max_attempts || options.deadline.expired()) {
      return status;
    }
  }
}

Status Database::run_once(const Body& body, Deadline deadline, bool& busy) {
  SLUICE_TRY(const Turn turn, Turn::take(*this, deadline));
  Handle& handle = turn.handle();
  handle.take_busy();
  const auto attempt = [&]() -> Status {
    SLUICE_CHECK(handle.run_script("BEGIN IMMEDIATE"));
    Session session(handle);
    SLUICE_CHECK(body(session));
    return handle.run_script("COMMIT");
  };
  Status status = attempt();
  handle.rollback();
  busy = handle.take_busy();
  return status;
}

}  // namespace sluice::sqlite
