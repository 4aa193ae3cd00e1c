// Where the replicas of some topics are, and what there is to move them to.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "governance/domain/topic/names.h"

namespace sluice::governance::domain {

struct PartitionPlacement {
  std::int32_t id = 0;
  std::int32_t leader = -1;            // -1: none now
  std::vector<std::int32_t> replicas;  // the preferred leader first
  std::vector<std::int32_t> in_sync;
};

struct TopicLayout {
  std::vector<PartitionPlacement> partitions;  // by id
  std::map<std::int32_t, std::int64_t> bytes;  // of a partition's leader; absent: not known
  bool is_moving = false;                      // replicas of it are under way already
};

struct LiveBroker {
  std::int32_t id = 0;
  std::string rack;                   // empty: none
  std::optional<std::int64_t> bytes;  // of all replicas on it; absent: not known
};

struct ReplicaLayout {
  std::vector<LiveBroker> brokers;  // by id
  std::map<TopicName, TopicLayout> topics;
  std::string refusal;  // not empty: why this server can move no replica of this cluster
};

}  // namespace sluice::governance::domain
