#include "governance/application/catalogue/forgetting_writer.h"

namespace sluice::governance::application {
namespace {

using domain::CallResult;
using domain::TopicName;

template <typename Item>
std::vector<TopicName> names_of(std::span<const Item> items, TopicName Item::*name) {
  std::vector<TopicName> names;
  names.reserve(items.size());
  for (const Item& item : items) names.push_back(item.*name);
  return names;
}

}  // namespace

std::vector<CallResult> ForgettingWriter::create(std::span<const domain::CreateProbe> topics, Deadline deadline) {
  auto results = writer_.create(topics, deadline);
  topics_.forget(cluster_, names_of(topics, &domain::CreateProbe::name));
  return results;
}

std::vector<CallResult> ForgettingWriter::grow(std::span<const domain::PartitionsProbe> topics, Deadline deadline) {
  auto results = writer_.grow(topics, deadline);
  topics_.forget(cluster_, names_of(topics, &domain::PartitionsProbe::name));
  return results;
}

std::vector<CallResult> ForgettingWriter::alter(std::span<const domain::ConfigProbe> topics, Deadline deadline) {
  auto results = writer_.alter(topics, deadline);
  topics_.forget(cluster_, names_of(topics, &domain::ConfigProbe::name));
  return results;
}

std::vector<CallResult> ForgettingWriter::remove(std::span<const TopicName> topics, Deadline deadline) {
  auto results = writer_.remove(topics, deadline);
  topics_.forget(cluster_, topics);
  return results;
}

std::vector<CallResult> ForgettingWriter::reassign(std::span<const domain::ReplicaMove> moves,
                                                   std::int64_t throttle_bytes_per_s, Deadline deadline) {
  auto results = writer_.reassign(moves, throttle_bytes_per_s, deadline);
  topics_.forget(cluster_, names_of(moves, &domain::ReplicaMove::topic));
  return results;
}

Result<domain::MoveProgress> ForgettingWriter::moves_of(std::span<const TopicName> topics,
                                                         std::int64_t throttle_bytes_per_s, Deadline deadline) {
  auto progress = writer_.moves_of(topics, throttle_bytes_per_s, deadline);
  topics_.forget(cluster_, topics);
  return progress;
}

}  // namespace sluice::governance::application
