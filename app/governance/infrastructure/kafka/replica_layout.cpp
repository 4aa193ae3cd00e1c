#include "governance/infrastructure/kafka/replica_layout.h"

#include <algorithm>

#include "governance/infrastructure/kafka/broker_requests.h"

namespace sluice::governance::infrastructure {
namespace {

using domain::TopicName;

domain::TopicLayout to_layout(const kafka::TopicDescription& description) {
  domain::TopicLayout topic;
  for (const kafka::PartitionDescription& partition : description.partitions) {
    topic.partitions.push_back({partition.id, partition.leader, partition.replicas, partition.isr});
  }
  return topic;
}

Status add_topics(kafka::Admin& admin, std::span<const TopicName> names, domain::ReplicaLayout& layout,
                  Deadline deadline) {
  const auto described = admin.describe_topics(to_texts(names), deadline);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (described[i]) {
      layout.topics.emplace(names[i], to_layout(*described[i]));
    } else if (described[i].error().kind != ErrorKind::kNotFound) {
      return described[i].error();
    }
  }
  return {};
}

// What keeps us from asking for good keeps us from moving, too.
bool is_lasting(const Error& error) { return !error.retryable() && error.kind != ErrorKind::kInternal; }

Status mark_moving(kafka::Admin& admin, domain::ReplicaLayout& layout, Deadline deadline) {
  const auto moving = admin.list_reassignments(deadline);
  if (!moving && is_lasting(moving.error())) {
    layout.refusal = moving.error().message;
    return {};
  }
  if (!moving) return moving.error();
  for (const kafka::Reassignment& one : *moving) {
    const auto topic = layout.topics.find(TopicName{one.topic});
    if (topic != layout.topics.end()) topic->second.is_moving = true;
  }
  return {};
}

bool leads(const domain::TopicLayout& topic, std::int32_t partition, std::int32_t broker) {
  return std::any_of(topic.partitions.begin(), topic.partitions.end(), [&](const auto& placement) {
    return placement.id == partition && placement.leader == broker;
  });
}

void add_sizes(kafka::Admin& admin, domain::LiveBroker& broker, domain::ReplicaLayout& layout, Deadline deadline) {
  const auto sizes = admin.replica_sizes(broker.id, deadline);
  if (!sizes || sizes->empty()) return;  // Kafka answers an empty list to who may not ask
  broker.bytes = 0;
  for (const kafka::ReplicaSize& size : *sizes) {
    *broker.bytes += size.bytes;
    const auto topic = layout.topics.find(TopicName{size.topic});
    if (topic == layout.topics.end() || !leads(topic->second, size.partition, broker.id)) continue;
    topic->second.bytes[size.partition] = size.bytes;
  }
}

}  // namespace

Result<domain::ReplicaLayout> read_replica_layout(kafka::Admin& admin, std::span<const TopicName> names,
                                                  std::chrono::milliseconds call_deadline, Deadline deadline) {
  const auto call = [&] { return deadline.no_later_than(call_deadline); };
  SLUICE_TRY(const kafka::Cluster cluster, admin.cluster(call()));
  domain::ReplicaLayout layout;
  for (const kafka::Broker& broker : cluster.brokers) layout.brokers.push_back({broker.id, broker.rack, {}});
  SLUICE_CHECK(add_topics(admin, names, layout, call()));
  SLUICE_CHECK(mark_moving(admin, layout, call()));
  if (!layout.refusal.empty()) return layout;
  for (domain::LiveBroker& broker : layout.brokers) add_sizes(admin, broker, layout, call());
  return layout;
}

}  // namespace sluice::governance::infrastructure
