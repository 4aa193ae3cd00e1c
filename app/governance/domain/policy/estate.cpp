#include "governance/domain/policy/estate.h"

#include "governance/domain/plan/plan.h"
#include "governance/domain/policy/topic_change.h"

namespace sluice::governance::domain {
namespace {

PlannedItem as_it_is(const TopicName& name, const LiveTopic& live) {
  PlannedItem planned;
  planned.name = name;
  planned.intended.partitions = live.partitions;
  planned.intended.replication_factor = live.replication_factor;
  return planned;
}

bool is_asked(const RuleInForce& in_force, const TopicChange& change) {
  const Rule& rule = *in_force.rule;
  const bool about_topics = rule.subject == RuleSubject::kName || rule.subject == RuleSubject::kState;
  return about_topics && rule.scope.holds_for(change.name()) && rule.scope.holds_for_owner("") &&
         !in_force.exempts(change.name());
}

}  // namespace

std::vector<Violation> judge_estate(const EnvironmentName& env, const ClusterState& state,
                                    const PolicySet& policies, TimePoint now) {
  TopicBatch batch{env, ChangeId("preview"), {}};
  for (const auto& [name, live] : state.topics) {
    if (live.internal) continue;
    batch.items.emplace_back();
    batch.items.back().name = name;
  }
  const auto rules = policies.in_force(env, now);
  std::vector<Violation> violations;
  for (const TopicItem& item : batch.items) {
    const PlannedItem planned = as_it_is(item.name, state.topics.at(item.name));
    const TopicChange change(batch, item, planned, state);
    for (const RuleInForce& in_force : rules) {
      if (!is_asked(in_force, change)) continue;
      auto finding = in_force.rule->check(change);
      if (!finding) continue;
      violations.push_back({item.name, in_force.rule->id, std::move(finding->message), in_force.severity,
                            std::move(finding->field), std::move(finding->fix)});
    }
  }
  return violations;
}

}  // namespace sluice::governance::domain
