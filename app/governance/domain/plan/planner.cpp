#include "governance/domain/plan/planner.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "governance/domain/plan/item_planner.h"
#include "governance/domain/policy/judge.h"
#include "governance/domain/policy/rule_ids.h"
#include "governance/domain/plan/violation_order.h"

namespace sluice::governance::domain {
namespace {

Violation collision(const TopicName& name, const TopicName& other) {
  return {
      name,
      std::string(kNamingCollision),
      fmt::format("'{}' collides with '{}' of the same batch: Kafka takes '.' and '_' for the same",
                  name.str(), other.str()),
      Severity::kBlock,
      "name",
      "Rename one of the two."};
}

// Every item that creates a topic whose folded name another item of the batch has too.
void find_collisions(const std::vector<PlannedItem>& items, std::vector<Violation>& violations) {
  std::unordered_map<std::string, std::vector<const PlannedItem*>> by_folded_name;
  for (const auto& item : items) {
    if (item.requested != ItemAction::kDelete)
      by_folded_name[folded(item.name.view())].push_back(&item);
  }
  for (const auto& item : items) {
    if (item.action != PlannedAction::kCreate) continue;
    const auto& same = by_folded_name[folded(item.name.view())];
    if (same.size() < 2) continue;
    violations.push_back(collision(item.name, same[same.front() == &item ? 1 : 0]->name));
  }
}

void name_the_groups(const ClusterState& state, Plan& plan) {
  for (auto& item : plan.items) {
    const auto* diff = item.diff_of(kPartitionsField);
    const auto groups = state.groups.find(item.name);
    if (item.action == PlannedAction::kAlter && diff && groups != state.groups.end()) {
      item.groups = groups->second;
    }
  }
}

}  // namespace

Plan make_plan(const TopicBatch& batch, const ClusterState& state, const PolicySet& policies,
               TimePoint now) {
  Plan plan{batch.env, batch.change_id, state.cluster_id, policies.version, policies.digest, {},
            {}};
  const PlanningContext context{batch, state, policies, now, policies.keys_read(batch.env),
                                policies.in_force(batch.env, now)};
  plan.items.reserve(batch.items.size());
  for (const auto& item : batch.items) {
    plan.items.push_back(plan_item(context, item, plan.violations));
    judge(context, item, plan.items.back(), plan);
  }
  judge_plan(context, plan);
  find_collisions(plan.items, plan.violations);
  name_the_groups(state, plan);
  sort_violations(plan);
  return plan;
}

Plan judge_again(const ApprovedItems& approved, const ClusterState& state, const PolicySet& policies, TimePoint now) {
  const TopicBatch& batch = approved.batch;
  Plan plan{batch.env, batch.change_id, state.cluster_id, policies.version, policies.digest, approved.items, {}};
  const PlanningContext context{batch, state, policies, now, {}, policies.in_force(batch.env, now)};
  judge_plan(context, plan);
  const std::vector<Violation> of_all = std::move(plan.violations);
  plan.violations.clear();
  std::erase_if(plan.items, [&](const PlannedItem& item) { return !approved.open.contains(item.name); });
  std::unordered_map<TopicName, const TopicItem*> asked;
  for (const TopicItem& item : batch.items) asked.emplace(item.name, &item);
  for (const PlannedItem& item : plan.items) {
    TopicItem unnamed;  // a batch without the item says nothing about it
    unnamed.name = item.name;
    const auto found = asked.find(item.name);
    judge(context, found == asked.end() ? unnamed : *found->second, item, plan);
    if (item.action != PlannedAction::kDelete) continue;
    for (const Violation& violation : of_all) {
      plan.violations.push_back(violation);
      plan.violations.back().name = item.name;
    }
  }
  sort_violations(plan);
  return plan;
}

std::vector<TopicName> topics_whose_groups_matter(const Plan& plan) {
  std::set<TopicName> topics = plan.groups_wanted;
  for (const auto& violation : plan.violations) {
    if (violation.rule == kPartitionsKeyedIncrease) topics.insert(violation.name);
  }
  return {topics.begin(), topics.end()};
}

std::vector<TopicName> topics_whose_records_matter(const Plan& plan) {
  return {plan.records_wanted.begin(), plan.records_wanted.end()};
}

std::vector<TopicName> topics_whose_replicas_move(const Plan& plan) {
  std::vector<TopicName> topics;
  for (const auto& item : plan.items) {
    if (item.action == PlannedAction::kAlter && item.diff_of(kReplicationFactorField)) topics.push_back(item.name);
  }
  return topics;
}

}  // namespace sluice::governance::domain
