#include "governance/domain/plan/violation_order.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "governance/domain/policy/rule_ids.h"

namespace sluice::governance::domain {

// Places are looked up once for each violation, not for each comparison.
void sort_violations(Plan& plan) {
  std::unordered_map<TopicName, std::size_t> position;
  for (std::size_t i = 0; i < plan.items.size(); ++i) position.emplace(plan.items[i].name, i);
  std::vector<std::tuple<std::size_t, std::size_t, std::size_t>> order;  // item, rule, as found
  order.reserve(plan.violations.size());
  for (std::size_t i = 0; i < plan.violations.size(); ++i) {
    order.emplace_back(position[plan.violations[i].name], rule_rank(plan.violations[i].rule), i);
  }
  std::sort(order.begin(), order.end());
  std::vector<Violation> sorted;
  sorted.reserve(order.size());
  for (const auto& [item, rule, index] : order) sorted.push_back(std::move(plan.violations[index]));
  plan.violations = std::move(sorted);
}

}  // namespace sluice::governance::domain
