// What all connections of one server share.
#pragma once

#include <atomic>
#include <cstddef>

#include "platform/core/mutex.h"
#include "platform/http/server.h"
#include "platform/http/serving/gate.h"
#include "platform/http/serving/observer.h"
#include "platform/http/serving/worker_pool.h"

namespace sluice::http::serving {

// Counts open connections, and lets one thread wait until there are none.
class ConnectionCount {
 public:
  std::size_t increase() { return count_.fetch_add(1) + 1; }
  void decrease() SLUICE_EXCLUDES(mutex_) {
    if (count_.fetch_sub(1) != 1) return;
    MutexLock lock(mutex_);
    none_.notify_all();
  }
  [[nodiscard]] std::size_t now() const { return count_.load(); }
  bool wait_for_none(Deadline deadline) SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    while (count_.load() > 0)
      if (!none_.wait_until(mutex_, deadline)) return count_.load() == 0;
    return true;
  }

 private:
  std::atomic<std::size_t> count_{0};
  Mutex mutex_;
  ConditionVariable none_;
};

struct ServerContext {
  ServerContext(ServerOptions server_options, Router server_router, ServerServices server_services)
      : options(std::move(server_options)),
        router(std::move(server_router)),
        services(std::move(server_services)),
        gate(router, services),
        observer(*services.metrics, router, services.logger.module("http")),
        workers(options.worker_threads, options.worker_queue) {}

  const ServerOptions options;
  const Router router;
  const ServerServices services;
  const Gate gate;
  Observer observer;
  WorkerPool workers;
  ConnectionCount connections;
  std::atomic<bool> draining{false};
};

}  // namespace sluice::http::serving
