// A Kafka controller in memory: what a cluster of 4.3 does with each request, one request at a time.
// Not thread-safe: ModelCluster is.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "governance/domain/repository/topic_writer.h"
#include "support/model/topic_configs.h"

namespace sluice::test::model {

struct BrokerOptions {
  std::string cluster_id = "model-cluster";
  std::int32_t brokers = 3;  // with the ids 1, 2, …
  std::int32_t default_partitions = 1;
  std::int32_t default_replication_factor = 1;
  Configs defaults;  // what these brokers set, in the topics' terms, over Kafka's own defaults
};

struct Partition {
  std::vector<std::int32_t> replicas;  // the preferred leader first
  std::vector<std::int32_t> moving_to;  // empty: no reassignment under way
  std::int64_t end_offset = 0;

  bool operator==(const Partition&) const = default;
};

struct Topic {
  std::string id;  // new with every creation
  Configs configs;  // its own
  std::vector<Partition> partitions;

  bool operator==(const Topic&) const = default;
};
using Topics = std::map<governance::domain::TopicName, Topic>;

struct Refusal {
  std::string code;  // Kafka's name as our adapters write it
  std::string words;
};
using Answer = std::optional<Refusal>;  // nothing: done
using Answers = std::vector<Answer>;

enum class ForReal { kNo, kYes };  // kNo: validate_only

class Broker {
 public:
  explicit Broker(BrokerOptions options);

  // Each is one request: what is there is looked at once, before its first item.
  Answers create(const std::vector<governance::domain::CreateProbe>& topics, ForReal for_real);
  Answers grow(const std::vector<governance::domain::PartitionsProbe>& topics, ForReal for_real);
  Answers alter(const std::vector<governance::domain::ConfigProbe>& topics, ForReal for_real);
  Answer remove(const governance::domain::TopicName& topic);
  Answer reassign(const governance::domain::ReplicaMove& move);
  // One step of every reassignment of these topics: so many partitions arrive. How many are left.
  std::int64_t move_on(const std::vector<governance::domain::TopicName>& topics, std::int64_t partitions);

  [[nodiscard]] const Topics& topics() const { return topics_; }
  [[nodiscard]] Topics& topics() { return topics_; }  // to change things behind everybody's back
  [[nodiscard]] const BrokerOptions& options() const { return options_; }
  [[nodiscard]] const Configs& defaults() const { return defaults_; }

 private:
  [[nodiscard]] Answer judge(const governance::domain::CreateProbe& probe) const;
  [[nodiscard]] Answer judge(const governance::domain::PartitionsProbe& probe) const;
  [[nodiscard]] Answer judge(const governance::domain::ConfigProbe& probe) const;
  [[nodiscard]] std::size_t partitions_of(const governance::domain::CreateProbe& probe) const;
  void add(const governance::domain::CreateProbe& probe);
  std::vector<std::int32_t> next_replicas(std::int32_t count);

  BrokerOptions options_;
  Configs defaults_;
  Topics topics_;
  std::uint64_t created_ = 0;
  std::int32_t next_broker_ = 0;
};

}  // namespace sluice::test::model
