// The plans of the last weeks, for whoever judges them anew. Thread-safe; blocks up to the deadline.
#pragma once

#include <string>
#include <vector>

#include "governance/domain/repository/plan_repository.h"
#include "platform/core/deadline.h"

namespace sluice::governance::application {

class RecentPlans {
 public:
  virtual ~RecentPlans() = default;
  // The newest revision of each change of topics since then, the newest first, at most `limit`.
  virtual Result<std::vector<domain::StoredPlan>> since(TimePoint from, int limit, Deadline deadline) = 0;
};

}  // namespace sluice::governance::application
