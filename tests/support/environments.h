// Environments that all live on one cluster, as most tests want them.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "governance/application/environments.h"

namespace sluice::test {

inline std::int64_t usual_throttle() {
  return governance::application::GovernedEnvironment{}.reassignment_throttle_bytes_per_s;
}

inline governance::application::Environments environments(std::initializer_list<const char*> names,
                                                          governance::domain::TopicCluster& cluster,
                                                          governance::domain::TopicWriter* writer = nullptr,
                                                          std::int64_t throttle = usual_throttle(),
                                                          governance::domain::ConsumptionReader* consumption = nullptr) {
  std::vector<governance::application::GovernedEnvironment> all;
  for (const char* name : names) {
    governance::application::GovernedEnvironment environment;
    environment.name = governance::domain::EnvironmentName{name};
    environment.cluster_name = "kafka";
    environment.is_protected = environment.name.view() == "prod";
    environment.cluster = &cluster;
    environment.writer = writer;
    environment.reassignment_throttle_bytes_per_s = throttle;
    environment.consumption = consumption;
    all.push_back(std::move(environment));
  }
  return governance::application::Environments(std::move(all));
}

}  // namespace sluice::test
