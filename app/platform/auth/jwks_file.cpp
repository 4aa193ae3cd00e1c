#include "platform/auth/jwks_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>

namespace sluice::auth {
namespace {

constexpr std::chrono::seconds kLookEvery{1};
constexpr std::streamsize kMaxBytes = 1'048'576;

Error unreadable(const std::filesystem::path& path, std::string_view why) {
  return {ErrorKind::kInvalid,
          "auth.jwks",
          fmt::format("The key set {} {}.", path.string(), why),
          "Put a JWKS document there that this user may read, or change auth.jwt.jwks_file.",
          {}};
}

}  // namespace

std::optional<JwksFile::Stamp> JwksFile::stamp_of(const std::filesystem::path& path) {
  struct stat state {};
  if (stat(path.c_str(), &state) != 0 || !S_ISREG(state.st_mode)) return std::nullopt;
  return Stamp{state.st_ino, state.st_size,
               state.st_mtim.tv_sec * 1'000'000'000 + state.st_mtim.tv_nsec};
}

Result<KeySet> JwksFile::load(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return unreadable(path, "can't be read");
  std::string text(kMaxBytes + 1, '\0');
  file.read(text.data(), kMaxBytes + 1);
  if (file.bad()) return unreadable(path, "can't be read");
  if (file.gcount() > kMaxBytes) return unreadable(path, "is larger than 1 MiB");
  text.resize(static_cast<std::size_t>(file.gcount()));
  auto keys = KeySet::parse(text);
  if (keys) return keys;
  auto error = std::move(keys).error();
  error.message = fmt::format("{}: {}", path.string(), error.message);
  return error;
}

JwksFile::JwksFile(std::filesystem::path path, const Clock& clock, OnError on_error, Loaded loaded)
    : path_(std::move(path)),
      clock_(clock),
      on_error_(std::move(on_error)),
      looked_at_(clock.now()),
      stamp_(loaded.stamp),
      keys_(std::make_shared<KeySet>(std::move(loaded.keys))) {}

Result<std::unique_ptr<JwksFile>> JwksFile::open(std::filesystem::path path, const Clock& clock,
                                                 OnError on_error) {
  const auto stamp = stamp_of(path);  // before reading: what changes meanwhile is seen next time
  if (!stamp) return unreadable(path, "is not a file");
  SLUICE_TRY(KeySet keys, load(path));
  return std::make_unique<JwksFile>(std::move(path), clock, std::move(on_error),
                                    Loaded{*stamp, std::move(keys)});
}

std::shared_ptr<const KeySet> JwksFile::keys() {
  MutexLock lock(mutex_);
  const auto now = clock_.now();
  // Also when the clock was set back: else that file would not be looked at for a long time.
  if (now >= looked_at_ && now < looked_at_ + kLookEvery) return keys_;
  looked_at_ = now;
  const auto stamp = stamp_of(path_);
  if (stamp == stamp_) return keys_;
  stamp_ = stamp;
  auto loaded =
      stamp ? load(path_) : Result<KeySet>(unreadable(path_, "is gone; its last keys stay in use"));
  if (loaded) {
    keys_ = std::make_shared<KeySet>(std::move(*loaded));
  } else if (on_error_) {
    on_error_(loaded.error());
  }
  return keys_;
}

}  // namespace sluice::auth
