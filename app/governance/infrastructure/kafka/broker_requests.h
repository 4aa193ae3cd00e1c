// The domain's questions and changes in the admin client's terms, and the client's errors in Kafka's.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "governance/domain/repository/topic_cluster.h"
#include "platform/core/error.h"
#include "platform/kafka/admin.h"

namespace sluice::governance::infrastructure {

std::vector<kafka::NewTopic> to_new_topics(std::span<const domain::CreateProbe> probes);
std::vector<kafka::NewPartitions> to_new_partitions(std::span<const domain::PartitionsProbe> probes);
std::vector<kafka::ConfigChange> to_config_changes(std::span<const domain::ConfigProbe> probes);
std::vector<std::string> to_texts(std::span<const domain::TopicName> names);

// "kafka.topic-already-exists" → "TOPIC_ALREADY_EXISTS": verdicts carry Kafka's own names.
std::string kafka_name(const Error& error);

}  // namespace sluice::governance::infrastructure
