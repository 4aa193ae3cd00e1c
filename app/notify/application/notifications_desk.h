// What an admin does with the queue: look, try a dead one again, send a test. Thread-safe.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "notify/domain/repository/delivery_store.h"
#include "notify/domain/repository/sender.h"
#include "platform/core/clock.h"
#include "platform/core/id_source.h"

namespace sluice::notify::application {

class NotificationsDesk {
 public:
  using Senders = std::map<std::string, domain::Sender*>;
  NotificationsDesk(domain::DeliveryStore& store, Senders senders, const Clock& clock, IdSource& ids)
      : store_(store), senders_(std::move(senders)), clock_(clock), ids_(ids) {}

  Result<std::vector<domain::DeliveryRecord>> list(const domain::DeliveryFilter& filter,
                                                   const std::string& before_id, int limit);
  // Errors: notify.not-found; notify.not-dead (conflict).
  Status retry(const std::string& id);
  // Sends at once, past the queue. `issue` is for Jira; without one only the login is tried. Errors:
  // notify.no-target; notify.test-failed (unavailable) with the target's reason.
  Status test(const std::string& target, const std::string& issue, const std::string& actor);

 private:
  domain::DeliveryStore& store_;
  const Senders senders_;
  const Clock& clock_;
  IdSource& ids_;
};

}  // namespace sluice::notify::application
