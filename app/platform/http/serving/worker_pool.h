// A fixed number of threads that run tasks from one bounded queue. A full queue says so at once, with
// how long it will take to have room again. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

#include "platform/core/bounded_queue.h"

namespace sluice::http::serving {

class WorkerPool {
 public:
  using Task = std::function<void()>;  // must not throw

  WorkerPool(int threads, std::size_t queue);
  ~WorkerPool();  // stops
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False when the queue is full or the pool has been stopped.
  [[nodiscard]] bool try_submit(Task task);
  // Runs what is queued, then joins.
  void stop();
  // How long a task submitted now would wait, from the length of the queue and how long tasks took.
  [[nodiscard]] std::chrono::milliseconds expected_wait() const;

 private:
  void run();

  BoundedQueue<Task> queue_;
  std::atomic<std::int64_t> average_us_{0};  // moving average of a task's run time
  std::vector<std::jthread> threads_;
};

}  // namespace sluice::http::serving
