// A bounded number of connections, lent one at a time. Thread-safe. acquire() blocks until its
// deadline at most; connections are opened by whoever needs one, outside any lock.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "platform/core/mutex.h"
#include "platform/postgres/connection.h"
#include "platform/postgres/options.h"

namespace sluice::postgres {

class Pool;

// Gives the connection back when it goes out of scope: to be used again if it is in order and
// outside a transaction, else closed.
class Lease {
 public:
  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&&) = delete;
  ~Lease();

  Connection& operator*() const { return *connection_; }
  Connection* operator->() const { return connection_.get(); }

 private:
  friend class Pool;
  Lease(Pool& pool, std::unique_ptr<Connection> connection,
        std::chrono::steady_clock::time_point opened_at);

  Pool* pool_;
  std::unique_ptr<Connection> connection_;
  std::chrono::steady_clock::time_point opened_at_;
};

struct PoolStats {
  std::size_t in_use = 0;
  std::size_t idle = 0;
  std::uint64_t waits = 0;  // acquire() had to wait for another to finish
  std::uint64_t wait_timeouts = 0;
  std::uint64_t connects = 0;
  std::uint64_t connect_failures = 0;
  std::uint64_t discarded = 0;  // broken, too old, or left in a transaction
};

class Pool {
 public:
  explicit Pool(PoolOptions options) : options_(std::move(options)) {}

  // kUnavailable when PostgreSQL can't be reached, kTimeout when all connections stay in use.
  Result<Lease> acquire(Deadline deadline);
  [[nodiscard]] PoolStats stats() const;
  [[nodiscard]] const PoolOptions& options() const { return options_; }

 private:
  friend class Lease;
  using SteadyClock = std::chrono::steady_clock;
  struct Idle {
    std::unique_ptr<Connection> connection;
    SteadyClock::time_point opened_at;
    SteadyClock::time_point since;
  };

  // Takes a place; an idle connection with it if there is one.
  Result<std::optional<Idle>> take_place(Deadline deadline);
  void free_place();
  void give_back(std::unique_ptr<Connection> connection, SteadyClock::time_point opened_at);
  [[nodiscard]] bool fit_for_use(Idle& idle, Deadline deadline) const;
  Result<Lease> connect(Deadline deadline);

  const PoolOptions options_;
  mutable Mutex mutex_;
  ConditionVariable place_free_;
  std::vector<Idle> idle_ SLUICE_GUARDED_BY(mutex_);  // the most recently used last
  PoolStats stats_ SLUICE_GUARDED_BY(mutex_);
};

}  // namespace sluice::postgres
