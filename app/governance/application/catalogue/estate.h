// All topics of an environment, read in requests that grow with hundreds of topics, not with topics.
#pragma once

#include <functional>
#include <span>
#include <stop_token>
#include <vector>

#include "governance/application/environments.h"
#include "governance/domain/topic/cluster_state.h"
#include "governance/domain/topic/names.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::governance::application {

// The environment's topics by name: those of its cluster that its prefix or none begins.
Result<std::vector<domain::TopicName>> list_estate(const GovernedEnvironment& environment,
                                                   std::span<const domain::EnvironmentName> environments,
                                                   Deadline deadline);

// Reads the named topics and calls `take` with every few hundred names and what is there of them; ends
// with its first error, or cancelled (kCancelled) after `stop`. Blocks until the deadline at most.
using TakeTopics = std::function<Status(std::span<const domain::TopicName> names, const domain::ClusterState& state)>;
Status read_estate(const GovernedEnvironment& environment, std::span<const domain::TopicName> names,
                   Deadline deadline, const TakeTopics& take, const std::stop_token& stop = {});

}  // namespace sluice::governance::application
