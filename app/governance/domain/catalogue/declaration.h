// What a topic was last declared to be: every applied item's fields laid over those before it. The
// state that drift compares the cluster with. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "governance/domain/plan/plan.h"
#include "platform/core/clock.h"

namespace sluice::governance::domain {

struct Declaration {
  EnvironmentName environment;
  TopicName name;
  // Only what was said: what nobody named is nobody's declaration. `unset` keys are declared to be
  // the broker's.
  IntendedState fields;
  TopicMetadata metadata;
  // The apply that declared it last.
  ChangeId change_id;
  std::int64_t revision = 0;
  std::string topic_id;
  TimePoint applied_at;
};

// Which apply an item is done by.
struct AppliedBy {
  EnvironmentName environment;
  ChangeId change_id;
  std::int64_t revision = 0;
  std::string topic_id;  // the topic's id now; of no meaning after a delete
  TimePoint applied_at;
};

// What is said above replaces what was said below. No tags say nothing about tags.
void lay_over(TopicMetadata& below, const TopicMetadata& above);

// What is declared once `item` is done (also when there was nothing to do). A delete declares the
// topic no more; otherwise what the item names replaces what was said before, field by field and key
// by key, the metadata alike.
std::optional<Declaration> declare(const std::optional<Declaration>& before, const PlannedItem& item,
                                   const AppliedBy& by);

}  // namespace sluice::governance::domain
