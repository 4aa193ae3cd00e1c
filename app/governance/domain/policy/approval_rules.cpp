#include "governance/domain/policy/approval_rules.h"

#include <algorithm>

namespace sluice::governance::domain {

int ApprovalRules::required(const EnvironmentName& env) const {
  const auto found = in.find(env);
  return std::max(1, found == in.end() ? usual : found->second);
}

int ApprovalRules::required(const Plan& plan) const {
  return required(plan.env) + (deletes_exceed(plan, delete_percent) ? extra : 0);
}

bool deletes_exceed(const Plan& plan, int percent) {
  const auto changes = std::count_if(plan.items.begin(), plan.items.end(), [](const PlannedItem& item) {
    return item.action != PlannedAction::kNone;
  });
  const auto deletes = std::count_if(plan.items.begin(), plan.items.end(), [](const PlannedItem& item) {
    return item.action == PlannedAction::kDelete;
  });
  return deletes * 100 > changes * percent;
}

}  // namespace sluice::governance::domain
