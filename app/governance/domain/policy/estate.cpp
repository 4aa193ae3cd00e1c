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

TopicBatch all_topics(const EnvironmentName& env, const ClusterState& state) {
  TopicBatch batch{env, ChangeId("preview"), {}};
  for (const auto& [name, live] : state.topics) {
    if (live.internal) continue;
    batch.items.emplace_back();
    batch.items.back().name = name;
  }
  return batch;
}

// Why it can't be asked about a topic that nobody changes; empty: it can.
std::string_view why_not(const Rule& rule, const TopicChange& change) {
  if (rule.subject == RuleSubject::kDelete) return "it is about deletes";
  if (rule.subject == RuleSubject::kOperation) return "it asks for the operation, and what exists is none";
  if (change.owners().unknown && !rule.scope.owners.empty()) return "no owner of the topics is on record";
  return "";
}

// Those of Kafka itself are for its own topics, which no estate has.
bool is_asked(const RuleInForce& in_force, const TopicChange& change) {
  const Rule& rule = *in_force.rule;
  const bool owned = change.owners().any_in(rule.scope) || change.owners().unknown;
  return rule.subject != RuleSubject::kOwnership && owned && rule.scope.holds_for(change.name()) &&
         !in_force.exempts(change.name());
}

void judge_topic(const RuleInForce& in_force, const TopicChange& change, EstateVerdict& verdict) {
  const Rule& rule = *in_force.rule;
  if (const auto why = why_not(rule, change); !why.empty()) {
    ++verdict.not_judged[{rule.id, std::string(why)}];
    return;
  }
  auto finding = rule.check(change);
  if (!finding) return;
  verdict.violations.push_back({change.name(), rule.id, std::move(finding->message), in_force.severity,
                                std::move(finding->field), std::move(finding->fix)});
}

}  // namespace

EstateVerdict judge_estate(const EnvironmentName& env, const ClusterState& state, const PolicySet& policies,
                           TimePoint now) {
  const TopicBatch batch = all_topics(env, state);
  const auto rules = policies.in_force(env, now);
  EstateVerdict verdict;
  for (const TopicItem& item : batch.items) {
    const PlannedItem planned = as_it_is(item.name, state.topics.at(item.name));
    const TopicChange change(batch, item, planned, state);
    for (const RuleInForce& in_force : rules) {
      if (is_asked(in_force, change)) judge_topic(in_force, change, verdict);
    }
  }
  if (batch.items.empty()) return verdict;
  for (const DeleteShareRule& rule : policies.delete_shares) {
    if (!RuleScope{rule.environments}.holds_in(env)) continue;
    verdict.not_judged[{rule.id, "it is about a plan as a whole"}] += batch.items.size();
  }
  return verdict;
}

}  // namespace sluice::governance::domain
