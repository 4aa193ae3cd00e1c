// The published queue: one insert a target and part, in the caller's transaction. Thread-safe.
#pragma once

#include <vector>

#include "notify/contract/notification_queue.h"
#include "notify/domain/target.h"
#include "platform/core/clock.h"
#include "platform/core/id_source.h"

namespace sluice::notify::infrastructure {

class SqlNotificationQueue final : public contract::NotificationQueue {
 public:
  SqlNotificationQueue(sql::Dialect dialect, std::vector<domain::Target> targets, const Clock& clock, IdSource& ids)
      : dialect_(dialect), targets_(std::move(targets)), clock_(clock), ids_(ids) {}

  Status enqueue(sql::Session& session, const contract::Notification& notification) override;

 private:
  const sql::Dialect dialect_;
  const std::vector<domain::Target> targets_;
  const Clock& clock_;
  IdSource& ids_;
};

}  // namespace sluice::notify::infrastructure
