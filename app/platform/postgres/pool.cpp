#include "platform/postgres/pool.h"

#include <utility>

#include "platform/sql/errors.h"

namespace sluice::postgres {
namespace {

constexpr auto kPingWait = std::chrono::milliseconds{1000};

}  // namespace

Lease::Lease(Pool& pool, std::unique_ptr<Connection> connection,
             std::chrono::steady_clock::time_point opened_at)
    : pool_(&pool), connection_(std::move(connection)), opened_at_(opened_at) {}

Lease::Lease(Lease&& other) noexcept
    : pool_(other.pool_), connection_(std::move(other.connection_)), opened_at_(other.opened_at_) {}

Lease::~Lease() {
  if (connection_ != nullptr) pool_->give_back(std::move(connection_), opened_at_);
}

Result<std::optional<Pool::Idle>> Pool::take_place(Deadline deadline) {
  MutexLock lock(mutex_);
  if (stats_.in_use >= options_.max_connections) ++stats_.waits;
  while (stats_.in_use >= options_.max_connections) {
    if (!place_free_.wait_until(mutex_, deadline) && stats_.in_use >= options_.max_connections) {
      ++stats_.wait_timeouts;
      return sql::errors::timeout("waiting for a free connection of the pool");
    }
  }
  ++stats_.in_use;
  if (idle_.empty()) return std::optional<Idle>{};
  std::optional<Idle> idle(std::move(idle_.back()));
  idle_.pop_back();
  return idle;
}

void Pool::free_place() {
  {
    MutexLock lock(mutex_);
    --stats_.in_use;
  }
  place_free_.notify_one();
}

bool Pool::fit_for_use(Idle& idle, Deadline deadline) const {
  const auto now = SteadyClock::now();
  if (now - idle.opened_at > options_.max_lifetime) return false;
  if (!idle.connection->ready_for_reuse()) return false;
  if (now - idle.since < options_.ping_after_idle) return true;
  return idle.connection->run_script("SELECT 1", deadline.no_later_than(kPingWait)).has_value();
}

Result<Lease> Pool::acquire(Deadline deadline) {
  for (;;) {
    SLUICE_TRY(auto idle, take_place(deadline));
    if (!idle) return connect(deadline);
    if (fit_for_use(*idle, deadline)) {
      return Lease(*this, std::move(idle->connection), idle->opened_at);
    }
    idle.reset();  // closes it before its place is given away
    {
      MutexLock lock(mutex_);
      ++stats_.discarded;
    }
    free_place();
  }
}

Result<Lease> Pool::connect(Deadline deadline) {
  auto connection = Connection::open(options_.connection, deadline);
  {
    MutexLock lock(mutex_);
    ++(connection ? stats_.connects : stats_.connect_failures);
  }
  if (!connection) {
    free_place();
    return std::move(connection).error();
  }
  return Lease(*this, std::move(*connection), SteadyClock::now());
}

void Pool::give_back(std::unique_ptr<Connection> connection, SteadyClock::time_point opened_at) {
  const bool reusable = connection->ready_for_reuse();
  if (!reusable) connection.reset();
  {
    MutexLock lock(mutex_);
    if (reusable) {
      connection->forget_error();
      idle_.push_back({std::move(connection), opened_at, SteadyClock::now()});
    } else {
      ++stats_.discarded;
    }
  }
  free_place();
}

PoolStats Pool::stats() const {
  MutexLock lock(mutex_);
  PoolStats stats = stats_;
  stats.idle = idle_.size();
  return stats;
}

}  // namespace sluice::postgres
