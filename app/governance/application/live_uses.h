// What a plan has to know of only some topics: who reads those whose keys move or that are to go,
// whether a topic to delete holds records, and where the replicas are that are to move.
#pragma once

#include "governance/domain/plan/plan.h"
#include "governance/domain/repository/topic_cluster.h"

namespace sluice::governance::application {

// Adds to the state what a first plan from it turned out to need; true: it did, so plan again. Blocks
// until the deadline at most; fails when the cluster does not say, for nothing is assumed.
Result<bool> read_uses(domain::TopicCluster& cluster, const domain::Plan& first, domain::ClusterState& state,
                       Deadline deadline);

}  // namespace sluice::governance::application
