// The published port of notifications. Thread-safe.
#pragma once

#include "notify/contract/notification.h"
#include "platform/core/result.h"
#include "platform/sql/database.h"

namespace sluice::notify::contract {

class NotificationQueue {
 public:
  virtual ~NotificationQueue() = default;
  // In the transaction of what is told: told if and only if that commits, at least once, later. One
  // row for each target that wants this event; none when nobody does.
  virtual Status enqueue(sql::Session& session, const Notification& notification) = 0;
};

}  // namespace sluice::notify::contract
