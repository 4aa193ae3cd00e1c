// One sqlite3 connection: statements with parameters, bounded in time. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/sql/value.h"

struct sqlite3;

namespace sluice::sqlite {

class Handle {
 public:
  static Result<std::unique_ptr<Handle>> open(const std::string& path);
  explicit Handle(sqlite3* connection) : connection_(connection) {}  // takes ownership
  ~Handle();
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  // From here on statements are interrupted at the deadline.
  void set_deadline(Deadline deadline);
  Result<sql::Rows> query(std::string_view sql, const sql::Params& params);
  // Rows that the last query() inserted, updated or deleted.
  [[nodiscard]] std::int64_t changes() const { return changes_; }
  Status run_script(std::string_view script);
  // Leaves no transaction open, whatever happened before.
  void rollback();
  // Since the last call of this: whether a statement found the database busy.
  bool take_busy();

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  Status configure();
  Error error(int code);
  static int on_progress(void* self);

  std::unique_ptr<sqlite3, Close> connection_;
  std::optional<Deadline> deadline_;
  std::int64_t changes_ = 0;
  bool busy_ = false;
};

}  // namespace sluice::sqlite
