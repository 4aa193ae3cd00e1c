#pragma once

#include <span>
#include <vector>

#include "platform/core/result.h"
#include "platform/kafka/admin.h"
#include "platform/kafka/consumer.h"
#include "platform/kafka/detail/handles.h"

namespace sluice::kafka::detail {

std::span<rd_kafka_topic_partition_t> entries(const rd_kafka_topic_partition_list_t* list);

PartitionListHandle make_list(std::span<const TopicPartition> partitions);
PartitionListHandle make_list(std::span<const CommittedOffset> offsets);
PartitionListHandle make_list(std::span<const PartitionStart> starts);

std::vector<TopicPartition> to_partitions(const rd_kafka_topic_partition_list_t* list);

// The first partition's error, named.
Status first_error(const rd_kafka_topic_partition_list_t& list);

}  // namespace sluice::kafka::detail
