// Who reads topics, and how far behind. What could not be read is unknown, never zero. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "governance/domain/topic/names.h"
#include "platform/core/clock.h"

namespace sluice::governance::domain {

struct GroupLag {
  std::string group;
  std::string state;                    // Kafka's word: "Stable", "Empty", …
  std::optional<std::int32_t> members;  // with partitions of the topic
  std::optional<std::int64_t> lag;      // offsets behind the ends, over all partitions

  bool operator==(const GroupLag&) const = default;
};

struct TopicGroups {
  EnvironmentName environment;
  TopicName name;
  std::vector<GroupLag> groups;  // by group
};

// One look at every consumer group of a cluster.
struct ConsumptionLook {
  std::size_t groups = 0;
  std::map<TopicName, std::vector<GroupLag>> topics;  // by group; without topics that nobody reads
  std::map<std::string, std::string> unread;  // id to state: their offsets did not come, they may read anything
};

// When an environment's groups were last looked at, and how many of them did not answer.
struct ConsumptionRead {
  TimePoint at;
  std::int64_t unread = 0;

  bool operator==(const ConsumptionRead&) const = default;
};

// Where one group stands in one partition; nothing: not committed, or not read.
struct PartitionStanding {
  std::optional<std::int64_t> committed;
  std::optional<std::int64_t> begin;
  std::optional<std::int64_t> end;
};

// How many offsets there are up to the ends. A partition without a committed offset counts as read when
// it is empty; otherwise where the group will begin is its own affair, and the lag unknown.
std::optional<std::int64_t> lag_of(std::span<const PartitionStanding> partitions);

// What a look makes of what was known of one topic: what it says, and of the groups that did not answer
// those that were known to read it, their lag unknown.
std::vector<GroupLag> groups_after(const std::vector<GroupLag>* known, const ConsumptionLook& look,
                                   const TopicName& name);

}  // namespace sluice::governance::domain
