// A cluster's writer that makes LiveTopics forget what it has changed, whatever came of it.
#pragma once

#include "governance/application/catalogue/live_topics.h"
#include "governance/domain/repository/topic_writer.h"

namespace sluice::governance::application {

class ForgettingWriter final : public domain::TopicWriter {
 public:
  // All outlive the writer.
  ForgettingWriter(domain::TopicWriter& writer, LiveTopics& topics, const domain::TopicCluster& cluster)
      : writer_(writer), topics_(topics), cluster_(cluster) {}

  std::vector<domain::CallResult> create(std::span<const domain::CreateProbe> topics, Deadline deadline) override;
  std::vector<domain::CallResult> grow(std::span<const domain::PartitionsProbe> topics, Deadline deadline) override;
  std::vector<domain::CallResult> alter(std::span<const domain::ConfigProbe> topics, Deadline deadline) override;
  std::vector<domain::CallResult> remove(std::span<const domain::TopicName> topics, Deadline deadline) override;
  std::vector<domain::CallResult> reassign(std::span<const domain::ReplicaMove> moves,
                                           std::int64_t throttle_bytes_per_s, Deadline deadline) override;
  Result<domain::MoveProgress> moves_of(std::span<const domain::TopicName> topics, std::int64_t throttle_bytes_per_s,
                                        Deadline deadline) override;
  [[nodiscard]] std::uint64_t mutating_requests() const override { return writer_.mutating_requests(); }

 private:
  domain::TopicWriter& writer_;
  LiveTopics& topics_;
  const domain::TopicCluster& cluster_;
};

}  // namespace sluice::governance::application
