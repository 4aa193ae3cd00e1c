// Kafka's admin calls: synchronous, thread-safe, each with a deadline.
//
// Calls on lists answer with one result for each item, in the caller's order; an empty name and a
// name that comes twice (kafka.duplicate-item) are refused before anything is sent for them. They are cut into as
// few requests as the broker's limits allow; when a whole request fails, each of its items carries
// that failure. A kTimeout (kafka.timeout, kafka.connection-lost) means that the broker may or may not
// have acted; kafka.unreachable and kafka.not-sent mean that nothing was sent. The broker's reads lag its writes: use await().
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/kafka/client_config.h"
#include "platform/kafka/reassignment.h"

namespace sluice::kafka {

struct Broker {
  std::int32_t id = -1;
  std::string host;
  int port = 0;
  std::string rack;  // empty: none
};

struct Cluster {
  std::string cluster_id;
  std::int32_t controller_id = -1;
  std::vector<Broker> brokers;  // by id
};

struct PartitionDescription {
  std::int32_t id = -1;
  std::int32_t leader = -1;  // -1: none now
  std::vector<std::int32_t> replicas;
  std::vector<std::int32_t> isr;
};

struct TopicDescription {
  std::string name;
  std::string topic_id;  // URL-safe base64 of 22 characters, as Kafka's tools print it
  bool internal = false;
  std::vector<PartitionDescription> partitions;  // by id
};

enum class ConfigSource : std::uint8_t {
  kTopic,
  kBrokerDynamic,
  kClusterDynamic,
  kBrokerStatic,
  kDefault,
  kUnknown,
};

std::string_view to_string(ConfigSource source);

struct ConfigSynonym {
  std::string name;
  std::optional<std::string> value;
  ConfigSource source = ConfigSource::kUnknown;
};

struct ConfigEntry {
  std::string name;
  std::optional<std::string> value;  // absent when sensitive or unset
  ConfigSource source = ConfigSource::kUnknown;
  bool sensitive = false;
  bool read_only = false;
  std::vector<ConfigSynonym> synonyms;  // where the value comes from, the one in force first
};

using ConfigEntries = std::vector<ConfigEntry>;  // by name

inline constexpr std::int16_t kBrokerDefaultReplication = -1;

struct NewTopic {
  std::string name;
  std::int32_t partitions = 1;
  std::int16_t replication_factor = kBrokerDefaultReplication;
  std::map<std::string, std::string> configs;
};

struct NewPartitions {
  std::string topic;
  std::int32_t total = 0;
};

struct ConfigChange {
  std::string topic;
  std::map<std::string, std::string> set;
  std::vector<std::string> unset;  // back to what the broker says
};

struct BrokerConfigChange {
  std::int32_t broker_id = -1;
  std::map<std::string, std::string> set;
  std::vector<std::string> unset;
};

enum class ValidateOnly : std::uint8_t { kNo, kYes };

struct TopicPartition {
  std::string topic;
  std::int32_t partition = 0;

  auto operator<=>(const TopicPartition&) const = default;
  bool operator==(const TopicPartition&) const = default;
};

struct GroupListing {
  std::string id;
  std::string state;  // "Stable", "Empty", …
};

struct GroupMember {
  std::string member_id;
  std::string client_id;
  std::string host;
  std::vector<TopicPartition> assignment;
};

struct GroupDescription {
  std::string id;
  std::string state;               // "Dead" for a group that does not exist
  std::string partition_assignor;  // "cooperative-sticky", …
  std::string protocol_type;       // "consumer"; empty for a simple group (offsets only)
  std::vector<GroupMember> members;
};

struct CommittedOffset {
  TopicPartition partition;
  std::int64_t offset = -1;
};

enum class OffsetAt : std::uint8_t { kEarliest, kLatest };

// One result for each item of the call, in its order.
template <typename T>
using ItemResults = std::vector<Result<T>>;

class Admin {
 public:
  struct Impl;  // opaque
  explicit Admin(std::unique_ptr<Impl> impl);

  // Opens no connection yet; fails on wrong properties only.
  static Result<std::unique_ptr<Admin>> open(const ClientOptions& options);
  ~Admin();
  Admin(const Admin&) = delete;
  Admin& operator=(const Admin&) = delete;

  Result<Cluster> cluster(Deadline deadline);
  // The names of all topics, internal ones included, sorted: one metadata request.
  Result<std::vector<std::string>> list_topics(Deadline deadline);

  // An unknown topic is kafka.unknown-topic (kNotFound).
  ItemResults<TopicDescription> describe_topics(std::span<const std::string> names, Deadline deadline);
  ItemResults<ConfigEntries> describe_topic_configs(std::span<const std::string> names,
                                                    Deadline deadline);
  Result<ConfigEntries> describe_broker_configs(std::int32_t broker_id, Deadline deadline);

  ItemResults<void> create_topics(std::span<const NewTopic> topics, ValidateOnly validate_only,
                                  Deadline deadline);
  ItemResults<void> create_partitions(std::span<const NewPartitions> changes,
                                      ValidateOnly validate_only, Deadline deadline);
  ItemResults<void> incremental_alter_configs(std::span<const ConfigChange> changes,
                                              ValidateOnly validate_only, Deadline deadline);
  ItemResults<void> delete_topics(std::span<const std::string> names, Deadline deadline);
  // Of one broker, at once and until they are unset.
  Status incremental_alter_broker_configs(const BrokerConfigChange& change, Deadline deadline);

  // Answers when the controller has taken the moves; the data follows. kafka.unsupported-feature with
  // properties that only librdkafka understands, here and in the two calls below.
  ItemResults<void> alter_reassignments(std::span<const ReplicaMove> moves, Deadline deadline);
  // Every one of the cluster that is under way.
  Result<std::vector<Reassignment>> list_reassignments(Deadline deadline);
  // Of every replica on one broker; empty where our principal may not ask.
  Result<std::vector<ReplicaSize>> replica_sizes(std::int32_t broker_id, Deadline deadline);

  Result<std::vector<GroupListing>> list_groups(Deadline deadline);
  ItemResults<GroupDescription> describe_groups(std::span<const std::string> ids, Deadline deadline);
  Result<std::vector<CommittedOffset>> group_offsets(const std::string& group, Deadline deadline);
  ItemResults<std::int64_t> list_offsets(std::span<const TopicPartition> partitions, OffsetAt at,
                                         Deadline deadline);

  // Admin requests sent so far: one for each batch, one for each group of a call on groups. What
  // librdkafka itself fans out over brokers (list_groups, list_offsets) and its look-ups of the
  // controller and of coordinators are not counted.
  [[nodiscard]] std::uint64_t requests() const;
  // Those of them that were sent to change something: validate_only is none.
  [[nodiscard]] std::uint64_t mutating_requests() const;

 private:
  std::unique_ptr<Impl> impl_;
};

// Asks `seen` again, 5 to 100 ms apart, until it says true: visibility by polling. Returns the last
// error of `seen`, or kafka.not-visible when it kept saying false; kafka.cancelled after `stop`.
Status await(const std::function<Result<bool>()>& seen, Deadline deadline, std::stop_token stop = {});

}  // namespace sluice::kafka
