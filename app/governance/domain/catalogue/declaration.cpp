#include "governance/domain/catalogue/declaration.h"

#include <algorithm>

namespace sluice::governance::domain {
namespace {

template <typename T>
void lay_over(std::optional<T>& below, const std::optional<T>& above) {
  if (above) below = above;
}

void lay_over(IntendedState& below, const IntendedState& above) {
  lay_over(below.partitions, above.partitions);
  lay_over(below.replication_factor, above.replication_factor);
  for (const auto& [key, value] : above.set) {
    below.set[key] = value;
    std::erase(below.unset, key);
  }
  for (const std::string& key : above.unset) {
    below.set.erase(key);
    const auto place = std::lower_bound(below.unset.begin(), below.unset.end(), key);
    if (place == below.unset.end() || *place != key) below.unset.insert(place, key);
  }
}

}  // namespace

void lay_over(TopicMetadata& below, const TopicMetadata& above) {
  lay_over(below.owner, above.owner);
  lay_over(below.sla, above.sla);
  lay_over(below.doc, above.doc);
  if (!above.tags.empty()) below.tags = above.tags;
}

std::optional<Declaration> declare(const std::optional<Declaration>& before, const PlannedItem& item,
                                   const AppliedBy& by) {
  if (item.requested == ItemAction::kDelete || item.action == PlannedAction::kDelete) return std::nullopt;
  Declaration declared = before.value_or(Declaration{});
  declared.environment = by.environment;
  declared.name = item.name;
  // A new topic starts anew, whatever was declared of the one before it.
  if (item.action == PlannedAction::kCreate) declared.fields = {};
  lay_over(declared.fields, item.declared);
  lay_over(declared.metadata, item.metadata);
  declared.change_id = by.change_id;
  declared.revision = by.revision;
  declared.topic_id = by.topic_id;
  declared.applied_at = by.applied_at;
  return declared;
}

}  // namespace sluice::governance::domain
