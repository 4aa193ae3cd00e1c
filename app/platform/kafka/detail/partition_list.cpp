#include "platform/kafka/detail/partition_list.h"

#include <fmt/format.h>

#include "platform/kafka/detail/errors.h"

namespace sluice::kafka::detail {

namespace {

rd_kafka_topic_partition_t* add(const PartitionListHandle& list, const TopicPartition& partition) {
  return rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.partition);
}

PartitionListHandle empty_list(std::size_t size) {
  return PartitionListHandle(rd_kafka_topic_partition_list_new(static_cast<int>(size)));
}

}  // namespace

std::span<rd_kafka_topic_partition_t> entries(const rd_kafka_topic_partition_list_t* list) {
  if (list == nullptr) return {};
  return {list->elems, static_cast<std::size_t>(list->cnt)};
}

PartitionListHandle make_list(std::span<const TopicPartition> partitions) {
  auto list = empty_list(partitions.size());
  for (const auto& partition : partitions) add(list, partition);
  return list;
}

PartitionListHandle make_list(std::span<const CommittedOffset> offsets) {
  auto list = empty_list(offsets.size());
  for (const auto& [partition, offset] : offsets) add(list, partition)->offset = offset;
  return list;
}

PartitionListHandle make_list(std::span<const PartitionStart> starts) {
  auto list = empty_list(starts.size());
  for (const auto& start : starts) {
    add(list, start.partition)->offset =
        start.offset == kCommitted ? RD_KAFKA_OFFSET_STORED : start.offset;
  }
  return list;
}

std::vector<TopicPartition> to_partitions(const rd_kafka_topic_partition_list_t* list) {
  std::vector<TopicPartition> partitions;
  for (const auto& entry : entries(list)) partitions.push_back({entry.topic, entry.partition});
  return partitions;
}

Status first_error(const rd_kafka_topic_partition_list_t& list) {
  for (const auto& entry : entries(&list)) {
    if (entry.err == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    const auto words =
        fmt::format("{}/{}: {}", entry.topic, entry.partition, rd_kafka_err2str(entry.err));
    return make_error(entry.err, words.c_str());
  }
  return {};
}

}  // namespace sluice::kafka::detail
