#include "platform/http/serving/worker_pool.h"

namespace sluice::http::serving {

WorkerPool::WorkerPool(int threads, std::size_t queue) : queue_(queue) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::try_submit(Task task) { return queue_.try_push(std::move(task)); }

void WorkerPool::stop() {
  queue_.close();
  for (std::jthread& thread : threads_)
    if (thread.joinable()) thread.join();
}

std::chrono::milliseconds WorkerPool::expected_wait() const {
  const auto waiting = static_cast<std::int64_t>(queue_.size());
  const auto threads = static_cast<std::int64_t>(threads_.size());
  const std::chrono::microseconds wait{waiting * average_us_.load(std::memory_order_relaxed) / threads};
  return std::chrono::ceil<std::chrono::milliseconds>(wait);
}

void WorkerPool::run() {
  using Clock = std::chrono::steady_clock;
  while (!queue_.closed() || queue_.size() > 0) {
    auto task = queue_.pop(Deadline::after(std::chrono::seconds{60}));
    if (!task) continue;
    const auto begin = Clock::now();
    (*task)();
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin).count();
    // Racing updates may lose one sample: it is an estimate.
    const auto average = average_us_.load(std::memory_order_relaxed);
    average_us_.store(average + (took - average) / 8, std::memory_order_relaxed);
  }
}

}  // namespace sluice::http::serving
