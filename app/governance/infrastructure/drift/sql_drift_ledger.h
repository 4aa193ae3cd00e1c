// The drift that was told last, by environment (table governance_drift).
#pragma once

#include "governance/application/drift/drift_ledger.h"
#include "notify/contract/notification_queue.h"
#include "platform/sql/database.h"

namespace sluice::governance::infrastructure {

class SqlDriftLedger final : public application::DriftLedger {
 public:
  SqlDriftLedger(sql::Database& database, notify::contract::NotificationQueue& queue)
      : database_(database), queue_(queue) {}

  Result<bool> note(const application::DriftNote& note, const notify::contract::Notification& notification,
                    Deadline deadline) override;

 private:
  sql::Database& database_;
  notify::contract::NotificationQueue& queue_;
};

}  // namespace sluice::governance::infrastructure
