// The queue of deliveries as the application needs it. Thread-safe; several processes share it. All
// times are the database's own.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "notify/domain/delivery.h"
#include "platform/core/result.h"

namespace sluice::notify::domain {

struct DeliveryFilter {
  std::optional<DeliveryState> state;
  std::string target;  // empty = any
};

class DeliveryStore {
 public:
  virtual ~DeliveryStore() = default;

  // The target's oldest due delivery, leased: nobody else gets it until the lease ends. Counts as an
  // attempt, so that one which kills its process is not tried for ever. Nothing when none is due.
  virtual Result<std::optional<Delivery>> claim(const std::string& target, std::chrono::milliseconds lease) = 0;

  // False, and no effect, when the delivery is no longer at the attempt that was claimed.
  virtual Result<bool> mark_delivered(const Delivery& claimed) = 0;
  virtual Result<bool> mark_dead(const Delivery& claimed, const std::string& reason) = 0;
  virtual Result<bool> postpone(const Delivery& claimed, std::chrono::milliseconds wait, const std::string& reason) = 0;

  // Ends what waits too long, then what is more than `limit` over all, oldest first. The number by target.
  virtual Result<std::map<std::string, std::int64_t>> end_overdue(std::chrono::milliseconds max_age) = 0;
  virtual Result<std::map<std::string, std::int64_t>> end_beyond(std::int64_t limit) = 0;
  // Forgets what ended so long ago. At most a few thousand a call.
  virtual Status drop_ended(std::chrono::milliseconds after) = 0;
  virtual Result<std::map<std::string, std::int64_t>> count_pending() = 0;

  // Newest first; `before_id` is the last id of the page before, or empty.
  virtual Result<std::vector<DeliveryRecord>> list(const DeliveryFilter& filter, const std::string& before_id,
                                                   int limit) = 0;
  virtual Result<std::optional<DeliveryRecord>> find(const std::string& id) = 0;
  // A dead delivery becomes due, with its attempts and its age forgiven. False when it is not dead.
  virtual Result<bool> revive(const std::string& id) = 0;
};

}  // namespace sluice::notify::domain
