// A key set in a file that may be replaced while the program runs. Thread-safe; keys() looks at the
// file's state at most once a second, and reads it when that changed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "platform/auth/key_set.h"
#include "platform/core/clock.h"
#include "platform/core/mutex.h"
#include "platform/core/result.h"

namespace sluice::auth {

class JwksFile {
 public:
  using OnError = std::function<void(const Error&)>;

  // Fails when the file can't be used now. Later such a file is reported through `on_error` (on the
  // thread that asked for keys, once for each state of the file) and the last good keys stay.
  static Result<std::unique_ptr<JwksFile>> open(std::filesystem::path path, const Clock& clock,
                                                OnError on_error);

  std::shared_ptr<const KeySet> keys() SLUICE_EXCLUDES(mutex_);

 private:
  // What changes when a file is written or replaced.
  struct Stamp {
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t modified_ns = 0;
    bool operator==(const Stamp&) const = default;
  };
  struct Loaded {
    Stamp stamp;
    KeySet keys;
  };
  static std::optional<Stamp> stamp_of(const std::filesystem::path& path);
  static Result<KeySet> load(const std::filesystem::path& path);

 public:
  // Only open() can name a Loaded.
  JwksFile(std::filesystem::path path, const Clock& clock, OnError on_error, Loaded loaded);

 private:
  const std::filesystem::path path_;
  const Clock& clock_;
  const OnError on_error_;
  Mutex mutex_;
  TimePoint looked_at_ SLUICE_GUARDED_BY(mutex_);
  std::optional<Stamp> stamp_ SLUICE_GUARDED_BY(mutex_);
  std::shared_ptr<const KeySet> keys_ SLUICE_GUARDED_BY(mutex_);
};

}  // namespace sluice::auth
