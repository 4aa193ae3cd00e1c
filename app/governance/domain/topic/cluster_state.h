// What is there: the part of a cluster that a batch names, as read at one moment, and what was last
// declared of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "governance/domain/moves/replica_layout.h"
#include "governance/domain/topic/names.h"
#include "governance/domain/topic/topic_batch.h"

namespace sluice::governance::domain {

// Who decided a value. Every broker-side origin (static, dynamic, cluster-wide, Kafka's own
// default) is kBroker: Kafka 4's cluster-wide min.insync.replicas is no override of the topic.
enum class ValueSource : std::uint8_t { kTopic, kBroker, kPolicyDefault };
std::string_view to_string(ValueSource source);  // "topic", "broker", "policy default"

struct LiveConfig {
  std::string value;                          // what is in force
  ValueSource source = ValueSource::kBroker;  // kTopic or kBroker
  std::optional<std::string>
      fallback;  // what the broker would apply if the topic's own were removed
};

struct LiveTopic {
  std::string topic_id;
  std::int32_t partitions = 0;
  std::int32_t replication_factor = 0;
  bool internal = false;
  std::map<std::string, LiveConfig, std::less<>> configs;  // every key that the broker knows
};

struct GroupUse {
  std::string id;
  std::string state;
  std::int32_t members = 0;
};

struct ClusterState {
  std::string cluster_id;
  std::int32_t broker_count = 0;
  std::map<TopicName, LiveTopic>
      topics;  // only those that the batch names; absent = does not exist
  // What the broker applies to a topic that does not set the key. Must hold every key that a rule
  // reads (PolicySet::keys_read) whenever the batch creates a topic.
  std::map<std::string, std::string, std::less<>> defaults;
  std::optional<std::int32_t> default_partitions;
  std::optional<std::int32_t> default_replication_factor;
  // Consumer groups of the topics in topics_whose_groups_matter() of a first plan; others need
  // none. Absent: not read. An empty list: read, and there is none.
  std::map<TopicName, std::vector<GroupUse>> groups;
  // How many offsets the topics in topics_whose_records_matter() hold, over all partitions: end minus
  // begin. Absent: not read.
  std::map<TopicName, std::int64_t> records = {};
  // Of the topics in topics_whose_replicas_move(). Absent: not read.
  std::optional<ReplicaLayout> layout = {};
  // What applies so far have said about the batch's topics, whether they still exist or not. Absent: none
  // has said anything, so nobody is known to own the topic.
  std::map<TopicName, TopicMetadata> declared = {};
};

}  // namespace sluice::governance::domain
