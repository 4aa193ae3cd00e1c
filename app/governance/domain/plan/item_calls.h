// The requests that a planned item stands for: what a dry-run asks the broker about (validate_only) is
// what an apply sends. Pure.
#pragma once

#include <optional>

#include "governance/domain/plan/plan.h"
#include "governance/domain/repository/topic_cluster.h"

namespace sluice::governance::domain {

// Of an item that creates. Says the number of partitions also where the broker's default is meant:
// the broker counts its own default against its limit of partitions in a request.
CreateProbe create_of(const PlannedItem& item);
// The smallest create there is: its only use, as validate_only, is to hear whether the topic exists.
CreateProbe existence_of(const TopicName& name);
// What the controller's answer to it says: nothing where it says neither, as when it may not be asked.
std::optional<bool> existence_in(const BrokerVerdict& verdict);

}  // namespace sluice::governance::domain
