#include "governance/application/broker_questions.h"

#include <map>

namespace sluice::governance::application {
namespace {

using domain::PlannedAction;
using domain::PlannedItem;

domain::CreateProbe create_probe(const PlannedItem& item) {
  return {item.name, item.intended.partitions.value_or(0), item.intended.replication_factor.value_or(0),
          item.intended.set};
}

bool asks_for_more_partitions(const PlannedItem& item) {
  return item.intended.partitions.value_or(0) > item.live.partitions;
}

bool changes_configs(const PlannedItem& item) {
  return !item.intended.set.empty() || !item.intended.unset.empty();
}

bool deletes_what_no_read_shows(const PlannedItem& item) {
  return item.requested == domain::ItemAction::kDelete && !item.live.exists;
}

}  // namespace

domain::Probes broker_questions(const domain::Plan& plan) {
  domain::Probes probes;
  for (const PlannedItem& item : plan.items) {
    if (item.action == PlannedAction::kCreate) probes.creates.push_back(create_probe(item));
    if (deletes_what_no_read_shows(item)) probes.creates.push_back({item.name, 0, 0, {}});
    if (item.action != PlannedAction::kAlter) continue;
    if (asks_for_more_partitions(item)) {
      probes.partitions.push_back({item.name, *item.intended.partitions});
    }
    if (changes_configs(item)) {
      probes.configs.push_back({item.name, item.intended.set, item.intended.unset});
    }
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
    if (verdict.code == "TOPIC_ALREADY_EXISTS" && !seen) disputed[verdict.name] = true;
    if (verdict.code == "UNKNOWN_TOPIC_OR_PARTITION" && seen) disputed[verdict.name] = false;
  }
  return {disputed.begin(), disputed.end()};
}

}  // namespace sluice::governance::application
