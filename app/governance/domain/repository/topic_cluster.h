// What governance asks of a Kafka cluster. Every call asks the cluster anew and blocks until its
// deadline at most; when the cluster does not answer, the error is retryable and nothing is assumed.
// Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "governance/domain/topic/cluster_state.h"
#include "governance/domain/plan/plan.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::governance::domain {

// A question to the broker that changes nothing (validate_only).
struct CreateProbe {
  TopicName name;
  std::int32_t partitions = 0;          // 0: the broker's default
  std::int32_t replication_factor = 0;  // 0: the broker's default
  std::map<std::string, std::string, std::less<>> configs;
};
struct PartitionsProbe {
  TopicName name;
  std::int32_t total = 0;
};
struct ConfigProbe {
  TopicName name;
  std::map<std::string, std::string, std::less<>> set;
  std::vector<std::string> unset;
};
struct Probes {
  std::vector<CreateProbe> creates;
  std::vector<PartitionsProbe> partitions;
  std::vector<ConfigProbe> configs;
};

struct TopicDetails {
  LiveTopic topic;
  std::vector<PartitionPlacement> partitions;
};

class TopicCluster {
 public:
  virtual ~TopicCluster() = default;

  virtual Result<std::string> cluster_id(Deadline deadline) = 0;
  // Every topic there is, by name.
  virtual Result<std::vector<TopicName>> list(Deadline deadline) = 0;
  // The named topics (those that exist), the broker's defaults; no groups.
  virtual Result<ClusterState> read(std::span<const TopicName> names, Deadline deadline) = 0;
  // The consumer groups that have members on, or committed offsets for, each topic.
  virtual Result<std::map<TopicName, std::vector<GroupUse>>> groups_of(std::span<const TopicName> names,
                                                                       Deadline deadline) = 0;
  // How many offsets each topic holds, over all partitions: end minus begin. 0: there is nothing to
  // read. Topics that don't exist are left out.
  virtual Result<std::map<TopicName, std::int64_t>> records_of(std::span<const TopicName> names,
                                                               Deadline deadline) = 0;
  // Where the replicas of these topics are, how large, and the live brokers. What can't be known for a
  // lasting reason is left out or said in `refusal`; topics that don't exist are left out.
  virtual Result<ReplicaLayout> layout_of(std::span<const TopicName> names, Deadline deadline) = 0;
  // One verdict for each probe, in order: creates, partitions, configs.
  virtual Result<std::vector<BrokerVerdict>> validate(const Probes& probes, Deadline deadline) = 0;
  // Waits until reading agrees with what the controller has said about each topic's existence; false
  // when it did not by the deadline.
  virtual Result<bool> await_existence(std::span<const std::pair<TopicName, bool>> expected,
                                       Deadline deadline) = 0;
  // Topics that don't exist are left out.
  virtual Result<std::map<TopicName, TopicDetails>> describe(std::span<const TopicName> names,
                                                             Deadline deadline) = 0;
};

}  // namespace sluice::governance::domain
