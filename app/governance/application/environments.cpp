#include "governance/application/environments.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "governance/application/errors.h"

namespace sluice::governance::application {

Environments::Environments(std::vector<GovernedEnvironment> all) : all_(std::move(all)) {
  std::sort(all_.begin(), all_.end(),
            [](const GovernedEnvironment& a, const GovernedEnvironment& b) { return a.name < b.name; });
}

Result<const GovernedEnvironment*> Environments::find(const domain::EnvironmentName& name) const {
  const auto found = std::find_if(all_.begin(), all_.end(),
                                  [&](const GovernedEnvironment& one) { return one.name == name; });
  if (found != all_.end()) return &*found;
  std::vector<std::string> known;
  for (const GovernedEnvironment& one : all_) known.push_back(one.name.str());
  return errors::unknown_environment(name, known);
}

Result<const GovernedEnvironment*> Environments::only_cluster() const {
  const bool one = std::all_of(all_.begin(), all_.end(), [&](const GovernedEnvironment& environment) {
    return environment.cluster == all_.front().cluster;
  });
  if (all_.empty() || !one) return errors::environment_required();
  return &all_.front();
}

Result<domain::ClusterState> read_state(const GovernedEnvironment& environment,
                                        std::span<const domain::TopicName> names, Deadline deadline) {
  SLUICE_TRY(domain::ClusterState state, environment.cluster->read(names, deadline));
  const std::string& expected = environment.expected_cluster_id;
  if (!expected.empty() && state.cluster_id != expected) {
    return errors::wrong_cluster(expected, state.cluster_id);
  }
  return state;
}

Status check_cluster(const GovernedEnvironment& environment, Deadline deadline) {
  SLUICE_TRY(const std::string found, environment.cluster->cluster_id(deadline));
  const std::string& expected = environment.expected_cluster_id;
  if (expected.empty() || found == expected) return {};
  return errors::wrong_cluster(expected, found);
}

Result<std::map<domain::TopicName, domain::TopicDetails>> describe(const GovernedEnvironment& environment,
                                                                   std::span<const domain::TopicName> names,
                                                                   Deadline deadline) {
  if (!environment.expected_cluster_id.empty()) {
    SLUICE_CHECK(check_cluster(environment, deadline));
  }
  return environment.cluster->describe(names, deadline);
}

}  // namespace sluice::governance::application
