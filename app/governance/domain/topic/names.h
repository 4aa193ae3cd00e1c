// The names of governance as types of their own, and what a topic name is made of.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "platform/core/strong_id.h"

namespace sluice::governance::domain {

struct TopicNameTag;
using TopicName = StrongId<TopicNameTag>;
struct ChangeIdTag;
using ChangeId = StrongId<ChangeIdTag>;
struct EnvironmentNameTag;
using EnvironmentName = StrongId<EnvironmentNameTag>;

inline constexpr std::size_t kMaxTopicName = 249;  // Kafka's own limit

// "prod.orders" → "prod" when prod is one of `environments`; otherwise empty.
std::string_view environment_prefix(std::string_view topic,
                                    std::span<const EnvironmentName> environments);
// "prod.tmp.x" → "tmp.x"; a name without an environment's prefix is returned whole.
std::string_view without_environment(std::string_view topic,
                                     std::span<const EnvironmentName> environments);
// What Kafka itself can hold: 1 to 249 of [A-Za-z0-9._-], and neither "." nor "..".
bool is_kafka_name(std::string_view topic);
// Kafka's metric names fold '.' into '_', so it refuses a topic whose folded name exists already.
std::string folded(std::string_view topic);

}  // namespace sluice::governance::domain
