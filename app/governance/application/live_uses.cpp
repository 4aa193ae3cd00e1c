#include "governance/application/live_uses.h"

#include "governance/domain/plan/planner.h"

namespace sluice::governance::application {

Result<bool> read_uses(domain::TopicCluster& cluster, const domain::Plan& first, domain::ClusterState& state,
                       Deadline deadline) {
  const auto grouped = domain::topics_whose_groups_matter(first);
  const auto counted = domain::topics_whose_records_matter(first);
  const auto moving = domain::topics_whose_replicas_move(first);
  if (!grouped.empty()) {
    SLUICE_TRY(state.groups, cluster.groups_of(grouped, deadline));
    for (const domain::TopicName& name : grouped) state.groups.try_emplace(name);  // read, and none
  }
  if (!counted.empty()) {
    SLUICE_TRY(state.records, cluster.records_of(counted, deadline));
  }
  if (!moving.empty()) {
    SLUICE_TRY(state.layout, cluster.layout_of(moving, deadline));
  }
  return !grouped.empty() || !counted.empty() || !moving.empty();
}

}  // namespace sluice::governance::application
