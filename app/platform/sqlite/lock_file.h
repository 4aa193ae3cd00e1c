// One process owns a SQLite database: an flock(2) beside it, which the kernel drops with the
// process.
#pragma once

#include <string>

#include "platform/core/result.h"

namespace sluice::sqlite {

class LockFile {
 public:
  // Never waits. kConflict, code sqlite.locked, naming the process that holds it.
  static Result<LockFile> acquire(const std::string& path);

  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&& other) noexcept;
  ~LockFile();

 private:
  explicit LockFile(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace sluice::sqlite
