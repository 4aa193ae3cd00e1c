// Keeps the lines instead of writing them: for tests. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/core/mutex.h"
#include "platform/log/logger.h"

namespace sluice::log {

class MemorySink final : public Sink {
 public:
  void write(std::string_view line) override SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    lines_.emplace_back(line);
  }
  [[nodiscard]] std::vector<std::string> lines() const SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return lines_;
  }
  void clear() SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    lines_.clear();
  }

 private:
  mutable Mutex mutex_;
  std::vector<std::string> lines_ SLUICE_GUARDED_BY(mutex_);
};

}  // namespace sluice::log
