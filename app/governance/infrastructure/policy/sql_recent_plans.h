// Recent plans out of the metadata database (table governance_plans).
#pragma once

#include "governance/application/policies/recent_plans.h"
#include "platform/sql/database.h"

namespace sluice::governance::infrastructure {

class SqlRecentPlans final : public application::RecentPlans {
 public:
  explicit SqlRecentPlans(sql::Database& database) : database_(database) {}

  Result<std::vector<domain::StoredPlan>> since(TimePoint from, int limit, Deadline deadline) override;

 private:
  sql::Database& database_;
};

}  // namespace sluice::governance::infrastructure
