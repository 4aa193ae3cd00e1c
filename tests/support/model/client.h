// What the Kafka client does before a broker hears of an item: it refuses what it can't send, and cuts
// a list into requests.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "support/model/broker.h"

namespace sluice::test::model {

inline const governance::domain::TopicName& name_of(const governance::domain::TopicName& name) { return name; }
inline const governance::domain::TopicName& name_of(const governance::domain::CreateProbe& probe) {
  return probe.name;
}
inline const governance::domain::TopicName& name_of(const governance::domain::PartitionsProbe& probe) {
  return probe.name;
}
inline const governance::domain::TopicName& name_of(const governance::domain::ConfigProbe& probe) {
  return probe.name;
}
inline const governance::domain::TopicName& name_of(const governance::domain::ReplicaMove& move) {
  return move.topic;
}

// For each item the client's own refusal ("DUPLICATE_ITEM", "INVALID_ARG"), or nothing.
template <typename Item>
Answers refused_by_client(std::span<const Item> items);
// The items that have no answer yet, in requests as large as a broker takes.
template <typename Item>
std::vector<std::vector<std::size_t>> requests_for(std::span<const Item> items, std::span<const Answer> answered);
// "DUPLICATE_ITEM" → "kafka.duplicate-item": as a writer says it.
std::string client_code(const Refusal& refusal);

// While a partition moves, its old and its new replicas are listed.
std::vector<std::int32_t> replicas_shown(const Partition& partition);

}  // namespace sluice::test::model
