#include "governance/infrastructure/kafka/kafka_topic_writer.h"

#include "governance/infrastructure/kafka/broker_requests.h"
#include "governance/infrastructure/kafka/call_results.h"

namespace sluice::governance::infrastructure {
namespace {

using domain::CallResult;

constexpr auto kForReal = kafka::ValidateOnly::kNo;

}  // namespace

std::vector<CallResult> KafkaTopicWriter::create(std::span<const domain::CreateProbe> topics, Deadline deadline) {
  return call_results(admin_.create_topics(to_new_topics(topics), kForReal, call(deadline)));
}

std::vector<CallResult> KafkaTopicWriter::grow(std::span<const domain::PartitionsProbe> topics, Deadline deadline) {
  return call_results(admin_.create_partitions(to_new_partitions(topics), kForReal, call(deadline)));
}

std::vector<CallResult> KafkaTopicWriter::alter(std::span<const domain::ConfigProbe> topics, Deadline deadline) {
  return call_results(admin_.incremental_alter_configs(to_config_changes(topics), kForReal, call(deadline)));
}

std::vector<CallResult> KafkaTopicWriter::remove(std::span<const domain::TopicName> topics, Deadline deadline) {
  return call_results(admin_.delete_topics(to_texts(topics), call(deadline)));
}

std::vector<CallResult> KafkaTopicWriter::reassign(std::span<const domain::ReplicaMove> moves,
                                                   std::int64_t throttle_bytes_per_s, Deadline deadline) {
  return mover_.start(moves, throttle_bytes_per_s, deadline);
}

Result<domain::MoveProgress> KafkaTopicWriter::moves_of(std::span<const domain::TopicName> topics,
                                                        std::int64_t throttle_bytes_per_s, Deadline deadline) {
  return mover_.look(topics, throttle_bytes_per_s, deadline);
}

}  // namespace sluice::governance::infrastructure
