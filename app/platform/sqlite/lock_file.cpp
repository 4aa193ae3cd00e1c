#include "platform/sqlite/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "platform/core/text.h"
#include "platform/sql/errors.h"

namespace sluice::sqlite {
namespace {

Error cannot_open(const std::string& path, int error) {
  return sql::errors::unavailable(fmt::format("the lock file {} can't be opened: {}", path,
                                              std::generic_category().message(error)),
                                  "check that the folder exists and that sluice may write in it");
}

Error locked(const std::string& path, int fd) {
  std::array<char, 32> buffer{};
  const auto size = ::pread(fd, buffer.data(), buffer.size(), 0);
  const std::string_view holder(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return {ErrorKind::kConflict,
          "sqlite.locked",
          fmt::format("the database of {} is in use by process {}", path,
                      holder.empty() ? "(starting)" : printable(trim(holder))),
          "let one server own the file and reach it through its API, or use PostgreSQL",
          {}};
}

}  // namespace

Result<LockFile> LockFile::acquire(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return cannot_open(path, errno);
  LockFile lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return locked(path, fd);
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(fd, 0) != 0 ||
      ::pwrite(fd, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return cannot_open(path, errno);
  }
  return lock;
}

LockFile::LockFile(LockFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

LockFile& LockFile::operator=(LockFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

LockFile::~LockFile() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace sluice::sqlite
