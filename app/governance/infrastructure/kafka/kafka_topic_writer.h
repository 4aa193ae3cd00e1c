// TopicWriter on a real cluster, through the admin client. Sends each call once and never again by
// itself: whether to try again is decided by who keeps the journal.
#pragma once

#include <chrono>

#include "governance/domain/repository/topic_writer.h"
#include "governance/infrastructure/kafka/replica_mover.h"
#include "platform/kafka/admin.h"

namespace sluice::governance::infrastructure {

struct KafkaTopicWriterOptions {
  std::chrono::milliseconds call_deadline{10'000};  // of each request, within the caller's own
};

class KafkaTopicWriter final : public domain::TopicWriter {
 public:
  KafkaTopicWriter(kafka::Admin& admin, KafkaTopicWriterOptions options)
      : admin_(admin), options_(options), mover_(admin, options.call_deadline) {}

  std::vector<domain::CallResult> create(std::span<const domain::CreateProbe> topics, Deadline deadline) override;
  std::vector<domain::CallResult> grow(std::span<const domain::PartitionsProbe> topics, Deadline deadline) override;
  std::vector<domain::CallResult> alter(std::span<const domain::ConfigProbe> topics, Deadline deadline) override;
  std::vector<domain::CallResult> remove(std::span<const domain::TopicName> topics, Deadline deadline) override;

  std::vector<domain::CallResult> reassign(std::span<const domain::ReplicaMove> moves,
                                           std::int64_t throttle_bytes_per_s, Deadline deadline) override;
  Result<domain::MoveProgress> moves_of(std::span<const domain::TopicName> topics, std::int64_t throttle_bytes_per_s,
                                        Deadline deadline) override;

  // Of the admin client's every user: who shares it with this writer sends none.
  [[nodiscard]] std::uint64_t mutating_requests() const override { return admin_.mutating_requests(); }

 private:
  [[nodiscard]] Deadline call(Deadline whole) const { return whole.no_later_than(options_.call_deadline); }

  kafka::Admin& admin_;
  KafkaTopicWriterOptions options_;
  ReplicaMover mover_;
};

}  // namespace sluice::governance::infrastructure
