// Keeps the queue within its bounds: what waits too long or is too much becomes dead with the reason,
// what ended long ago is forgotten. Any number of processes may have one.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "notify/application/outcomes.h"
#include "notify/domain/repository/delivery_store.h"
#include "platform/core/supervised_loop.h"

namespace sluice::notify::application {

struct QueueLimits {
  std::int64_t pending = 10'000;
  std::chrono::milliseconds max_age{std::chrono::hours{24}};
  std::chrono::milliseconds kept_after_end{std::chrono::days{30}};
};

class QueueKeeper {
 public:
  using OnPending = std::function<void(const std::map<std::string, std::int64_t>& by_target)>;
  QueueKeeper(domain::DeliveryStore& store, QueueLimits limits, OnOutcome on_outcome, OnPending on_pending)
      : store_(store), limits_(limits), on_outcome_(std::move(on_outcome)), on_pending_(std::move(on_pending)) {}

  Result<StepOutcome> run_once();

 private:
  domain::DeliveryStore& store_;
  const QueueLimits limits_;
  const OnOutcome on_outcome_;
  const OnPending on_pending_;
};

}  // namespace sluice::notify::application
