// What a plan says will be, and what is: told from the diffs that a person approves, not from what an
// apply sends.
#pragma once

#include <string>
#include <vector>

#include "governance/domain/plan/plan.h"
#include "governance/domain/repository/topic_writer.h"
#include "governance/domain/topic/cluster_state.h"
#include "platform/core/json.h"

namespace sluice::test {

// {"<topic>": {"partitions": 3, "replicationFactor": 1, "configs": {"<key>": {"value": "…", "source":
// "topic"}}}} with every key that the broker knows, values in their canonical spelling. Canonical JSON
// of two of them is equal, byte by byte, exactly when nobody could tell the states apart.
Json end_state(const governance::domain::ClusterState& state);
// What will be there once `plan` is applied to `before`; `before` itself when it is blocked.
Json predicted(const governance::domain::Plan& plan, const governance::domain::ClusterState& before);

// A line for each place in which the two are not the same.
std::string differences(const Json& expected, const Json& actual);

// A plan's calls, as an executor makes them when nothing goes wrong. Replica moves are not made.
struct PlannedCalls {
  std::vector<governance::domain::CreateProbe> creates;
  std::vector<governance::domain::PartitionsProbe> grows;
  std::vector<governance::domain::ConfigProbe> alters;
  std::vector<governance::domain::TopicName> removes;
};
void add_calls(const governance::domain::Plan& plan, PlannedCalls& calls);
// "create a: INVALID_CONFIG …" for each call that was not done.
std::vector<std::string> send(const PlannedCalls& calls, governance::domain::TopicWriter& writer);

}  // namespace sluice::test
