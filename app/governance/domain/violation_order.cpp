#include "governance/domain/violation_order.h"

#include <algorithm>
#include <unordered_map>

#include "governance/domain/rule_ids.h"

namespace sluice::governance::domain {

void sort_violations(Plan& plan) {
  std::unordered_map<TopicName, std::size_t> position;
  for (std::size_t i = 0; i < plan.items.size(); ++i) position.emplace(plan.items[i].name, i);
  std::stable_sort(plan.violations.begin(), plan.violations.end(), [&](const Violation& a, const Violation& b) {
    const auto left = position[a.name];
    const auto right = position[b.name];
    return left != right ? left < right : rule_rank(a.rule) < rule_rank(b.rule);
  });
}

}  // namespace sluice::governance::domain
