// The environments that this server governs, each with its own cluster: env picks the cluster, and
// no use case can hold another one. Read only after the start; thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "governance/domain/repository/consumption_reader.h"
#include "governance/domain/repository/topic_cluster.h"
#include "governance/domain/repository/topic_writer.h"
#include "governance/domain/topic/names.h"
#include "platform/core/result.h"

namespace sluice::governance::application {

struct GovernedEnvironment {
  domain::EnvironmentName name;
  std::string cluster_name;         // of the configuration
  std::string expected_cluster_id;  // empty: not checked
  bool is_protected = false;        // policy, mode and exemption changes for it need an approval
  domain::TopicCluster* cluster = nullptr;
  domain::TopicWriter* writer = nullptr;
  domain::ConsumptionReader* consumption = nullptr;  // null: nobody looks who reads the topics
  std::string akhq_url;  // empty: no links
  std::int64_t reassignment_throttle_bytes_per_s = 50LL << 20;  // of each broker, while replicas move
};

class Environments {
 public:
  explicit Environments(std::vector<GovernedEnvironment> all);

  // kInvalid environment.unknown, with the names that there are.
  Result<const GovernedEnvironment*> find(const domain::EnvironmentName& name) const;
  // Any environment, when all are on one cluster; else kInvalid environment.required.
  Result<const GovernedEnvironment*> only_cluster() const;
  [[nodiscard]] const std::vector<GovernedEnvironment>& all() const { return all_; }

 private:
  std::vector<GovernedEnvironment> all_;  // by name
};

// The cluster's state, after checking that it is the cluster that the environment means: another
// cluster id is cluster.wrong-id (kConflict), and nothing of it is used.
Result<domain::ClusterState> read_state(const GovernedEnvironment& environment,
                                        std::span<const domain::TopicName> names, Deadline deadline);
// That check alone.
Status check_cluster(const GovernedEnvironment& environment, Deadline deadline);
// Topics of it, after the same check; those that don't exist are left out.
Result<std::map<domain::TopicName, domain::TopicDetails>> describe(const GovernedEnvironment& environment,
                                                                   std::span<const domain::TopicName> names,
                                                                   Deadline deadline);

}  // namespace sluice::governance::application
