// Plans in the metadata database, PostgreSQL or SQLite alike (tables governance_plans, and
// governance_changes for where each change stands).
#pragma once

#include "governance/domain/repository/plan_repository.h"
#include "notify/contract/notification_queue.h"
#include "platform/sql/database.h"

namespace sluice::governance::infrastructure {

class SqlPlanRepository final : public domain::PlanRepository {
 public:
  // `queue` is told when a change has a new plan that can be approved; null: nobody is.
  explicit SqlPlanRepository(sql::Database& database, notify::contract::NotificationQueue* queue = nullptr)
      : database_(database), queue_(queue) {}

  Result<std::int64_t> append(const domain::NewPlan& plan) override;
  Result<std::optional<domain::StoredPlan>> find(const domain::ChangeId& change,
                                                 std::optional<std::int64_t> revision) override;
  Result<std::int64_t> drop_older_than(TimePoint limit) override;

 private:
  sql::Database& database_;
  notify::contract::NotificationQueue* queue_;
};

}  // namespace sluice::governance::infrastructure
