// Topics: describe, create, more partitions, delete.
#include <algorithm>
#include <array>

#include "platform/kafka/admin.h"
#include "platform/kafka/detail/admin_impl.h"
#include "platform/kafka/detail/uuid.h"

namespace sluice::kafka {

using detail::Api;
using detail::Array;
using detail::BatchLimits;
using detail::ItemCall;
using detail::ItemCost;

namespace {

using Items = std::span<const std::size_t>;

template <typename List, typename Name>
std::vector<std::string> names_of(const List& list, Name name) {
  std::vector<std::string> names;
  names.reserve(list.size());
  for (const auto& item : list) names.push_back(item.*name);
  return names;
}

ItemCost no_cost(std::size_t) { return {}; }

std::vector<std::int32_t> ids(const Array<const rd_kafka_Node_t*>& nodes) {
  std::vector<std::int32_t> ids;
  for (const auto* node : nodes) ids.push_back(rd_kafka_Node_id(node));
  return ids;
}

PartitionDescription to_partition(const rd_kafka_TopicPartitionInfo_t& info) {
  PartitionDescription partition;
  partition.id = rd_kafka_TopicPartitionInfo_partition(&info);
  if (const auto* leader = rd_kafka_TopicPartitionInfo_leader(&info)) {
    partition.leader = rd_kafka_Node_id(leader);
  }
  Array<const rd_kafka_Node_t*> nodes;
  nodes.items = rd_kafka_TopicPartitionInfo_replicas(&info, &nodes.count);
  partition.replicas = ids(nodes);
  nodes.items = rd_kafka_TopicPartitionInfo_isr(&info, &nodes.count);
  partition.isr = ids(nodes);
  return partition;
}

Result<TopicDescription> to_topic(const rd_kafka_TopicDescription_t& described) {
  const auto* error = rd_kafka_TopicDescription_error(&described);
  if (rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR) return detail::make_error(*error);
  TopicDescription topic;
  topic.name = rd_kafka_TopicDescription_name(&described);
  topic.internal = rd_kafka_TopicDescription_is_internal(&described) != 0;
  const auto* id = rd_kafka_TopicDescription_topic_id(&described);
  topic.topic_id = detail::format_uuid(rd_kafka_Uuid_most_significant_bits(id),
                                       rd_kafka_Uuid_least_significant_bits(id));
  Array<const rd_kafka_TopicPartitionInfo_t*> partitions;
  partitions.items = rd_kafka_TopicDescription_partitions(&described, &partitions.count);
  for (const auto* partition : partitions) topic.partitions.push_back(to_partition(*partition));
  std::ranges::sort(topic.partitions, {}, &PartitionDescription::id);
  return topic;
}

Status to_status(const rd_kafka_topic_result_t& result) {
  const auto code = rd_kafka_topic_result_error(&result);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return detail::make_error(code, rd_kafka_topic_result_error_string(&result));
}

// An entry can be null where the broker's answer left a topic out.
void answer_all(const Array<const rd_kafka_topic_result_t*>& results, ItemCall<void>& call) {
  for (const auto* result : results) {
    if (result != nullptr) call.answer(rd_kafka_topic_result_name(result), to_status(*result));
  }
}

Result<detail::NewTopicHandle> to_new_topic(const NewTopic& topic) {
  std::array<char, 512> text{};
  detail::NewTopicHandle handle(rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions,
                                                      topic.replication_factor, text.data(),
                                                      text.size()));
  if (!handle) return detail::errors::invalid_argument(text.data());
  for (const auto& [name, value] : topic.configs) {
    const auto code = rd_kafka_NewTopic_set_config(handle.get(), name.c_str(), value.c_str());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return detail::make_error(code, nullptr);
  }
  return handle;
}

Result<detail::NewPartitionsHandle> to_new_partitions(const NewPartitions& change) {
  std::array<char, 512> text{};
  const auto total = static_cast<std::size_t>(std::max(change.total, 0));
  detail::NewPartitionsHandle handle(
      rd_kafka_NewPartitions_new(change.topic.c_str(), total, text.data(), text.size()));
  if (!handle) return detail::errors::invalid_argument(text.data());
  return handle;
}

// The handles of the items that can be asked for; the others are answered with what is wrong.
template <typename HandleType, typename List, typename Make>
std::vector<HandleType> make_handles(const List& list, Items items, ItemCall<void>& call, Make make) {
  std::vector<HandleType> handles;
  handles.reserve(items.size());
  for (const auto item : items) {
    auto handle = make(list[item]);
    if (handle) {
      handles.push_back(std::move(*handle));
    } else {
      call.answer(item, handle.error());
    }
  }
  return handles;
}

std::size_t count_of(std::int32_t partitions) {
  return static_cast<std::size_t>(std::max(partitions, 1));
}

}  // namespace

Result<std::vector<std::string>> Admin::list_topics(Deadline deadline) {
  constexpr int kAll = 1;
  const rd_kafka_metadata_t* answer = nullptr;
  ++impl_->requests;
  const auto code = rd_kafka_metadata(impl_->rk(), kAll, nullptr, &answer, detail::to_timeout(deadline.remaining()));
  const detail::MetadataHandle owner(answer);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    const Error error = impl_->client->context().explain(detail::make_error(code, nullptr),
                                                         detail::ClientContext::Sent::kPerhaps);
    impl_->client->context().count_error("ListTopics", error);
    return error;
  }
  impl_->client->context().answered();
  std::vector<std::string> names;
  for (int i = 0; i < answer->topic_cnt; ++i) names.emplace_back(answer->topics[i].topic);
  std::ranges::sort(names);
  return names;
}

ItemResults<TopicDescription> Admin::describe_topics(std::span<const std::string> names,
                                                     Deadline deadline) {
  static constexpr Api kApi{"DescribeTopics", RD_KAFKA_ADMIN_OP_DESCRIBETOPICS};
  constexpr BatchLimits kLimits{.items = 1000};
  const auto ask = [&](Items items, ItemCall<TopicDescription>& call) -> Status {
    std::vector<const char*> asked;
    for (const auto item : items) asked.push_back(call.name(item).c_str());
    const detail::TopicCollectionHandle topics(
        rd_kafka_TopicCollection_of_topic_names(asked.data(), asked.size()));
    SLUICE_TRY(const auto event,
               impl_->request(kApi, {deadline}, [&](const auto* options, auto* queue) {
                 rd_kafka_DescribeTopics(impl_->rk(), topics.get(), options, queue);
               }));
    Array<const rd_kafka_TopicDescription_t*> described;
    described.items = rd_kafka_DescribeTopics_result_topics(
        rd_kafka_event_DescribeTopics_result(event.get()), &described.count);
    for (const auto* topic : described) {
      if (topic != nullptr) call.answer(rd_kafka_TopicDescription_name(topic), to_topic(*topic));
    }
    return {};
  };
  return impl_->in_batches<TopicDescription>({kApi.name, {names.begin(), names.end()}}, kLimits,
                                             no_cost, deadline, ask);
}

ItemResults<void> Admin::create_topics(std::span<const NewTopic> topics, ValidateOnly validate_only,
                                       Deadline deadline) {
  static constexpr Api kApi{"CreateTopics", RD_KAFKA_ADMIN_OP_CREATETOPICS};
  const auto cost = [&](std::size_t item) {
    const auto partitions = count_of(topics[item].partitions);
    return ItemCost{partitions, 1 + partitions + topics[item].configs.size()};
  };
  const auto ask = [&](Items items, ItemCall<void>& call) -> Status {
    const auto handles = make_handles<detail::NewTopicHandle>(topics, items, call, to_new_topic);
    if (handles.empty()) return {};
    auto bare = detail::pointers(handles);
    SLUICE_TRY(const auto event,
               impl_->request(kApi, {deadline, validate_only}, [&](const auto* options, auto* queue) {
                 rd_kafka_CreateTopics(impl_->rk(), bare.data(), bare.size(), options, queue);
               }));
    Array<const rd_kafka_topic_result_t*> results;
    results.items = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()),
                                                        &results.count);
    answer_all(results, call);
    return {};
  };
  return impl_->in_batches<void>({kApi.name, names_of(topics, &NewTopic::name)}, {}, cost, deadline,
                                 ask);
}

ItemResults<void> Admin::create_partitions(std::span<const NewPartitions> changes,
                                           ValidateOnly validate_only, Deadline deadline) {
  static constexpr Api kApi{"CreatePartitions", RD_KAFKA_ADMIN_OP_CREATEPARTITIONS};
  const auto cost = [&](std::size_t item) {
    const auto partitions = count_of(changes[item].total);
    return ItemCost{partitions, partitions};
  };
  const auto ask = [&](Items items, ItemCall<void>& call) -> Status {
    const auto handles =
        make_handles<detail::NewPartitionsHandle>(changes, items, call, to_new_partitions);
    if (handles.empty()) return {};
    auto bare = detail::pointers(handles);
    SLUICE_TRY(const auto event,
               impl_->request(kApi, {deadline, validate_only}, [&](const auto* options, auto* queue) {
                 rd_kafka_CreatePartitions(impl_->rk(), bare.data(), bare.size(), options, queue);
               }));
    Array<const rd_kafka_topic_result_t*> results;
    results.items = rd_kafka_CreatePartitions_result_topics(
        rd_kafka_event_CreatePartitions_result(event.get()), &results.count);
    answer_all(results, call);
    return {};
  };
  return impl_->in_batches<void>({kApi.name, names_of(changes, &NewPartitions::topic)}, {}, cost,
                                 deadline, ask);
}

ItemResults<void> Admin::delete_topics(std::span<const std::string> names, Deadline deadline) {
  static constexpr Api kApi{"DeleteTopics", RD_KAFKA_ADMIN_OP_DELETETOPICS};
  const auto ask = [&](Items items, ItemCall<void>& call) -> Status {
    std::vector<detail::DeleteTopicHandle> handles;
    for (const auto item : items) {
      handles.emplace_back(rd_kafka_DeleteTopic_new(call.name(item).c_str()));
    }
    auto bare = detail::pointers(handles);
    SLUICE_TRY(const auto event,
               impl_->request(kApi, {deadline}, [&](const auto* options, auto* queue) {
                 rd_kafka_DeleteTopics(impl_->rk(), bare.data(), bare.size(), options, queue);
               }));
    Array<const rd_kafka_topic_result_t*> results;
    results.items = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event.get()),
                                                        &results.count);
    answer_all(results, call);
    return {};
  };
  return impl_->in_batches<void>({kApi.name, {names.begin(), names.end()}}, {}, no_cost, deadline, ask);
}

}  // namespace sluice::kafka
