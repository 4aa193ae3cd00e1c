// A PlanRepository in memory, held to the same suite as the SQL one.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "governance/domain/repository/plan_repository.h"
#include "platform/core/mutex.h"

namespace sluice::test {

class MemoryPlanRepository final : public governance::domain::PlanRepository {
 public:
  Result<std::int64_t> append(const governance::domain::NewPlan& plan) override {
    MutexLock lock(mutex_);
    auto& revisions = plans_[plan.change_id];
    const auto revision = static_cast<std::int64_t>(revisions.size()) + 1;
    revisions.push_back({plan, revision});
    return revision;
  }

  Result<std::optional<governance::domain::StoredPlan>> find(
      const governance::domain::ChangeId& change, std::optional<std::int64_t> revision) override {
    MutexLock lock(mutex_);
    const auto found = plans_.find(change);
    if (found == plans_.end()) return std::optional<governance::domain::StoredPlan>();
    const auto count = static_cast<std::int64_t>(found->second.size());
    const std::int64_t wanted = revision.value_or(count);
    if (wanted < 1 || wanted > count) return std::optional<governance::domain::StoredPlan>();
    return std::optional(found->second[static_cast<std::size_t>(wanted - 1)]);
  }

  Result<std::int64_t> drop_older_than(TimePoint limit) override {
    MutexLock lock(mutex_);
    std::int64_t dropped = 0;
    std::erase_if(plans_, [&](const auto& entry) {
      const bool old = entry.second.back().created_at < limit;
      if (old) dropped += static_cast<std::int64_t>(entry.second.size());
      return old;
    });
    return dropped;
  }

 private:
  Mutex mutex_;
  std::map<governance::domain::ChangeId, std::vector<governance::domain::StoredPlan>> plans_
      SLUICE_GUARDED_BY(mutex_);
};

}  // namespace sluice::test
