// Whose a topic is, for rules about owners. An item that leaves the owner out, or names another one, is
// still about a topic of the owner on record. Pure.
#pragma once

#include <string_view>

#include "governance/domain/policy/rule_scope.h"
#include "governance/domain/topic/cluster_state.h"
#include "governance/domain/topic/topic_batch.h"

namespace sluice::governance::domain {

// A view: it lives no longer than the item and the state. "" is nobody.
struct TopicOwners {
  std::string_view on_record;  // of a topic that nobody has declared and that is not there: as `said`
  std::string_view said;       // by the item; where it says nothing, as `on_record`
  bool unknown = false;        // the topic exists, and nobody is on record for it

  [[nodiscard]] bool any_in(const RuleScope& scope) const {
    return scope.holds_for_owner(on_record) || scope.holds_for_owner(said);
  }
};

TopicOwners owners_of(const TopicItem& item, const ClusterState& state);

}  // namespace sluice::governance::domain
