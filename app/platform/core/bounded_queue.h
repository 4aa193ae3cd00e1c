// A queue with a bound, between threads. Producers never block: a full queue says so. Consumers wait
// with a deadline. After close() nothing more is accepted; what is in it can still be taken.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "platform/core/mutex.h"

namespace sluice {

template <typename T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  // False when full or closed; `item` is untouched then.
  [[nodiscard]] bool try_push(T&& item) SLUICE_EXCLUDES(mutex_) {
    {
      MutexLock lock(mutex_);
      if (closed_ || items_.size() >= capacity_) return false;
      items_.push_back(std::move(item));
    }
    not_empty_.notify_one();
    return true;
  }

  // Empty when the deadline passed, or when closed and drained.
  std::optional<T> pop(Deadline deadline) SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    while (items_.empty()) {
      if (closed_ || deadline.expired()) return std::nullopt;
      not_empty_.wait_until(mutex_, deadline);
    }
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    return item;
  }

  void close() SLUICE_EXCLUDES(mutex_) {
    {
      MutexLock lock(mutex_);
      closed_ = true;
    }
    not_empty_.notify_all();
  }

  [[nodiscard]] bool closed() const SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return closed_;
  }
  [[nodiscard]] std::size_t size() const SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return items_.size();
  }

 private:
  const std::size_t capacity_;
  mutable Mutex mutex_;
  ConditionVariable not_empty_;
  std::deque<T> items_ SLUICE_GUARDED_BY(mutex_);
  bool closed_ SLUICE_GUARDED_BY(mutex_) = false;
};

}  // namespace sluice
