#include "governance/domain/policy/topic_owners.h"

namespace sluice::governance::domain {

TopicOwners owners_of(const TopicItem& item, const ClusterState& state) {
  const auto record = state.declared.find(item.name);
  const bool recorded = record != state.declared.end() && record->second.owner.has_value();
  TopicOwners owners;
  if (item.metadata.owner) owners.said = *item.metadata.owner;
  owners.unknown = !recorded && state.topics.contains(item.name);
  if (recorded) {
    owners.on_record = *record->second.owner;
  } else if (!owners.unknown) {
    owners.on_record = owners.said;
  }
  if (!item.metadata.owner) owners.said = owners.on_record;
  return owners;
}

}  // namespace sluice::governance::domain
