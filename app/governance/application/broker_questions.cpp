#include "governance/application/broker_questions.h"

#include <map>
#include <set>

#include "governance/domain/plan/item_calls.h"

namespace sluice::governance::application {
namespace {

using domain::PlannedAction;
using domain::PlannedItem;

bool asks_for_more_partitions(const PlannedItem& item) {
  return item.intended.partitions.value_or(0) > item.live.partitions;
}

bool changes_configs(const PlannedItem& item) {
  return !item.intended.set.empty() || !item.intended.unset.empty();
}

}  // namespace

domain::Probes broker_questions(const domain::Plan& plan) {
  domain::Probes probes;
  for (const PlannedItem& item : plan.items) {
    if (item.action == PlannedAction::kCreate) {
      probes.creates.push_back(domain::create_of(item));
      continue;
    }
    const bool alters = item.action == PlannedAction::kAlter;
    const bool grows = alters && asks_for_more_partitions(item);
    const bool sets = alters && changes_configs(item);
    if (grows) probes.partitions.push_back({item.name, *item.intended.partitions});
    if (sets) probes.configs.push_back({item.name, item.intended.set, item.intended.unset});
    if (!grows && !sets) probes.creates.push_back(domain::existence_of(item.name));
  }
  return probes;
}

std::vector<std::pair<domain::TopicName, bool>> disputed_existence(
    const domain::Plan& plan, const std::vector<domain::BrokerVerdict>& verdicts) {
  std::map<domain::TopicName, bool> was_seen;
  for (const PlannedItem& item : plan.items) was_seen[item.name] = item.live.exists;
  std::map<domain::TopicName, bool> disputed;
  for (const domain::BrokerVerdict& verdict : verdicts) {
    const bool seen = was_seen[verdict.name];
    const bool could_be_created = verdict.call == domain::BrokerCall::kCreateTopic && verdict.ok;
    if (verdict.code == "TOPIC_ALREADY_EXISTS" && !seen) disputed[verdict.name] = true;
    if (could_be_created && seen) disputed[verdict.name] = false;
    if (verdict.code == "UNKNOWN_TOPIC_OR_PARTITION" && seen) disputed[verdict.name] = false;
  }
  return {disputed.begin(), disputed.end()};
}

void drop_existence_checks(const domain::Plan& plan, std::vector<domain::BrokerVerdict>& verdicts) {
  std::set<domain::TopicName> created;
  for (const PlannedItem& item : plan.items) {
    if (item.action == PlannedAction::kCreate) created.insert(item.name);
  }
  std::erase_if(verdicts, [&](const domain::BrokerVerdict& verdict) {
    return verdict.call == domain::BrokerCall::kCreateTopic && !created.contains(verdict.name);
  });
}

}  // namespace sluice::governance::application
