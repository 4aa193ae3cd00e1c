#include "platform/sqlite/handle.h"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <type_traits>

#include <fmt/format.h>

#include "platform/core/text.h"
#include "platform/sql/errors.h"

namespace sluice::sqlite {
namespace {

// Checking the deadline every so many virtual machine instructions costs nothing measurable.
constexpr int kInstructionsBetweenChecks = 1000;
constexpr auto kLongestBusyWait = std::chrono::milliseconds{2000};

// memcmp order: what COLLATE "C" means on PostgreSQL.
int compare_bytes(void*, int a_size, const void* a, int b_size, const void* b) {
  const int order = std::memcmp(a, b, static_cast<std::size_t>(std::min(a_size, b_size)));
  return order != 0 ? order : a_size - b_size;
}

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using StatementPtr = std::unique_ptr<sqlite3_stmt, Finalize>;

int bind(sqlite3_stmt* statement, int index, const sql::Value& value) {
  return std::visit(
      [&](const auto& v) -> int {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          return sqlite3_bind_null(statement, index);
        } else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::int64_t>) {
          return sqlite3_bind_int64(statement, index, static_cast<sqlite3_int64>(v));
        } else if constexpr (std::is_same_v<T, double>) {
          return sqlite3_bind_double(statement, index, v);
        } else if constexpr (std::is_same_v<T, std::string>) {
          return sqlite3_bind_text64(statement, index, v.data(), v.size(), SQLITE_STATIC,
                                     SQLITE_UTF8);
        } else {
          // A null pointer would bind NULL, not zero bytes.
          return v.data.empty() ? sqlite3_bind_zeroblob(statement, index, 0)
                                : sqlite3_bind_blob64(statement, index, v.data.data(),
                                                      v.data.size(), SQLITE_STATIC);
        }
      },
      value.storage());
}

// SQLite numbers named parameters by first appearance; $2 may well come before $1.
Result<int> bind_all(sqlite3_stmt* statement, const sql::Params& params) {
  if (sqlite3_bind_parameter_count(statement) != static_cast<int>(params.size())) {
    return sql::errors::statement(fmt::format("the statement has {} parameters, {} were given",
                                              sqlite3_bind_parameter_count(statement),
                                              params.size()));
  }
  for (std::size_t i = 0; i < params.size(); ++i) {
    const std::string name = fmt::format("${}", i + 1);
    const int index = sqlite3_bind_parameter_index(statement, name.c_str());
    if (index == 0) {
      return sql::errors::statement(fmt::format("the statement has no parameter {}", name));
    }
    const int code = bind(statement, index, params.values()[i]);
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

std::string column_bytes(const void* data, int size) {
  return data == nullptr
             ? std::string()
             : std::string(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

sql::Value column_value(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT: return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
      const void* text = sqlite3_column_text(statement, column);
      return column_bytes(text, sqlite3_column_bytes(statement, column));
    }
    case SQLITE_BLOB: {
      const void* blob = sqlite3_column_blob(statement, column);
      return sql::Bytes{column_bytes(blob, sqlite3_column_bytes(statement, column))};
    }
    default: return nullptr;
  }
}

std::vector<std::string> column_names(sqlite3_stmt* statement) {
  std::vector<std::string> names;
  for (int i = 0; i < sqlite3_column_count(statement); ++i) {
    names.emplace_back(sqlite3_column_name(statement, i));
  }
  return names;
}

Error constraint_error(int extended, std::string message) {
  switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return sql::errors::unique_violation(std::move(message));
    default: return sql::errors::constraint_violation(std::move(message));
  }
}

Error to_error(int extended, std::string message) {
  switch (extended & 0xff) {
    case SQLITE_CONSTRAINT: return constraint_error(extended, std::move(message));
    case SQLITE_INTERRUPT: return sql::errors::timeout("a statement ran");
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return sql::errors::conflict(std::move(message));
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH: return sql::errors::invalid_value(std::move(message));
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return sql::errors::unavailable(std::move(message),
                                      "check the disk: free space, rights, health");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorKind::kInternal,
              "sqlite.corrupt",
              std::move(message),
              "restore the file from a backup",
              {}};
    default: return sql::errors::statement(std::move(message));
  }
}

}  // namespace

void Handle::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Handle::~Handle() = default;

Result<std::unique_ptr<Handle>> Handle::open(const std::string& path) {
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(
      path.c_str(), &connection,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      nullptr);
  auto handle = std::make_unique<Handle>(connection);
  if (code != SQLITE_OK) return handle->error(code);
  SLUICE_CHECK(handle->configure());
  return handle;
}

Status Handle::configure() {
  sqlite3_progress_handler(connection_.get(), kInstructionsBetweenChecks, &Handle::on_progress,
                           this);
  sqlite3_create_collation_v2(connection_.get(), "C", SQLITE_UTF8, nullptr, compare_bytes, nullptr);
  return run_script(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
      "PRAGMA trusted_schema = OFF; PRAGMA wal_autocheckpoint = 1000;");
}

int Handle::on_progress(void* self) {
  const auto& handle = *static_cast<Handle*>(self);
  return handle.deadline_ && handle.deadline_->expired() ? 1 : 0;
}

void Handle::set_deadline(Deadline deadline) {
  deadline_ = deadline;
  const auto wait = std::min(deadline.remaining(), kLongestBusyWait);
  sqlite3_busy_timeout(connection_.get(), static_cast<int>(wait.count()));
}

Error Handle::error(int code) {
  if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) busy_ = true;
  return to_error(code, fmt::format("SQLite: {}", sqlite3_errmsg(connection_.get())));
}

Result<sql::Rows> Handle::query(std::string_view sql, const sql::Params& params) {
  SLUICE_CHECK(sql::check_params(params));
  sqlite3_stmt* prepared = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v2(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      &prepared, &rest);
  const StatementPtr statement(prepared);
  if (code != SQLITE_OK) return error(code);
  if (statement == nullptr ||
      !trim(sql.substr(static_cast<std::size_t>(rest - sql.data()))).empty()) {
    return sql::errors::statement("one statement a call");
  }
  SLUICE_TRY(const int bound, bind_all(prepared, params));
  if (bound != SQLITE_OK) return error(bound);

  const auto changes_before = sqlite3_total_changes64(connection_.get());
  std::vector<std::vector<sql::Value>> rows;
  int step = SQLITE_ROW;
  while ((step = sqlite3_step(prepared)) == SQLITE_ROW) {
    auto& row = rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(prepared); ++i) {
      row.push_back(column_value(prepared, i));
    }
  }
  if (step != SQLITE_DONE) return error(step);
  const bool changed = sqlite3_total_changes64(connection_.get()) != changes_before;
  changes_ = changed ? sqlite3_changes64(connection_.get()) : 0;
  return sql::Rows(column_names(prepared), std::move(rows));
}

Status Handle::run_script(std::string_view script) {
  const int code =
      sqlite3_exec(connection_.get(), std::string(script).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error(code);
  return {};
}

void Handle::rollback() {
  if (sqlite3_get_autocommit(connection_.get()) != 0) return;
  deadline_.reset();  // must not be interrupted
  sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  SLUICE_ASSERT(sqlite3_get_autocommit(connection_.get()) != 0);
}

bool Handle::take_busy() { return std::exchange(busy_, false); }

}  // namespace sluice::sqlite
