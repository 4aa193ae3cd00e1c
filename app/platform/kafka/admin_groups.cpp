// Consumer groups and offsets.
#include <algorithm>

#include "platform/kafka/admin.h"
#include "platform/kafka/detail/admin_impl.h"

namespace sluice::kafka {

using detail::Api;
using detail::Array;
using detail::BatchLimits;
using detail::ItemCall;
using detail::ItemCost;

namespace {

using Items = std::span<const std::size_t>;

ItemCost no_cost(std::size_t) { return {}; }

std::string text_of(const char* text) { return text == nullptr ? "" : text; }

Array<const rd_kafka_topic_partition_t> entries_of(const rd_kafka_topic_partition_list_t* list) {
  if (list == nullptr) return {};
  return {list->elems, static_cast<std::size_t>(list->cnt)};
}

GroupMember to_member(const rd_kafka_MemberDescription_t& described) {
  GroupMember member;
  member.member_id = text_of(rd_kafka_MemberDescription_consumer_id(&described));
  member.client_id = text_of(rd_kafka_MemberDescription_client_id(&described));
  member.host = text_of(rd_kafka_MemberDescription_host(&described));
  const auto* assignment = rd_kafka_MemberDescription_assignment(&described);
  if (assignment == nullptr) return member;
  for (const auto& entry : entries_of(rd_kafka_MemberAssignment_partitions(assignment))) {
    member.assignment.push_back({entry.topic, entry.partition});
  }
  std::ranges::sort(member.assignment);
  return member;
}

// librdkafka 2.8 does not know groups of the newer protocol (KIP-848): it says "Dead" for them.
Result<GroupDescription> to_group(const rd_kafka_ConsumerGroupDescription_t& described) {
  const auto* error = rd_kafka_ConsumerGroupDescription_error(&described);
  if (rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR) return detail::make_error(*error);
  GroupDescription group;
  group.id = rd_kafka_ConsumerGroupDescription_group_id(&described);
  group.state =
      rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupDescription_state(&described));
  group.partition_assignor = text_of(rd_kafka_ConsumerGroupDescription_partition_assignor(&described));
  if (rd_kafka_ConsumerGroupDescription_is_simple_consumer_group(&described) == 0) {
    group.protocol_type = "consumer";
  }
  const auto count = rd_kafka_ConsumerGroupDescription_member_count(&described);
  for (std::size_t i = 0; i < count; ++i) {
    group.members.push_back(to_member(*rd_kafka_ConsumerGroupDescription_member(&described, i)));
  }
  return group;
}

std::string key_of(std::string_view topic, std::int32_t partition) {
  return std::string(topic) + "/" + std::to_string(partition);
}

}  // namespace

Result<std::vector<GroupListing>> Admin::list_groups(Deadline deadline) {
  static constexpr Api kApi{"ListGroups", RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS};
  auto event = impl_->request(kApi, {deadline}, [&](const auto* options, auto* queue) {
    rd_kafka_ListConsumerGroups(impl_->rk(), options, queue);
  });
  Status listed = event ? Status() : Status(event.error());
  if (event) {
    const auto* result = rd_kafka_event_ListConsumerGroups_result(event->get());
    Array<const rd_kafka_error_t*> failures;
    failures.items = rd_kafka_ListConsumerGroups_result_errors(result, &failures.count);
    // One broker that does not answer hides its groups: a part is not the list.
    if (failures.count > 0) listed = detail::make_error(*failures.items[0]);
  }
  if (!listed) {
    impl_->client->context().count_error(kApi.name, listed.error());
    return listed.error();
  }
  Array<const rd_kafka_ConsumerGroupListing_t*> valid;
  valid.items = rd_kafka_ListConsumerGroups_result_valid(
      rd_kafka_event_ListConsumerGroups_result(event->get()), &valid.count);
  std::vector<GroupListing> groups;
  for (const auto* group : valid) {
    const auto state = rd_kafka_ConsumerGroupListing_state(group);
    groups.push_back({rd_kafka_ConsumerGroupListing_group_id(group),
                      rd_kafka_consumer_group_state_name(state)});
  }
  std::ranges::sort(groups, {}, &GroupListing::id);
  return groups;
}

ItemResults<GroupDescription> Admin::describe_groups(std::span<const std::string> ids,
                                                     Deadline deadline) {
  static constexpr Api kApi{"DescribeGroups", RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS};
  const auto ask = [&](Items items, ItemCall<GroupDescription>& call) -> Status {
    std::vector<const char*> asked;
    for (const auto item : items) asked.push_back(call.name(item).c_str());
    const detail::RequestOptions request{.deadline = deadline, .requests = asked.size()};
    SLUICE_TRY(const auto event,
               impl_->request(kApi, request, [&](const auto* options, auto* queue) {
                 rd_kafka_DescribeConsumerGroups(impl_->rk(), asked.data(), asked.size(), options,
                                                 queue);
               }));
    Array<const rd_kafka_ConsumerGroupDescription_t*> groups;
    groups.items = rd_kafka_DescribeConsumerGroups_result_groups(
        rd_kafka_event_DescribeConsumerGroups_result(event.get()), &groups.count);
    for (const auto* group : groups) {
      if (group != nullptr) {
        call.answer(rd_kafka_ConsumerGroupDescription_group_id(group), to_group(*group));
      }
    }
    return {};
  };
  return impl_->in_batches<GroupDescription>({kApi.name, {ids.begin(), ids.end()}}, {}, no_cost,
                                             deadline, ask);
}

Result<std::vector<CommittedOffset>> Admin::group_offsets(const std::string& group,
                                                          Deadline deadline) {
  static constexpr Api kApi{"ListGroupOffsets", RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS};
  // No partitions named: all that the group ever committed.
  const detail::GroupOffsetsHandle asked(
      rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), nullptr));
  auto event = impl_->request(kApi, {deadline}, [&](const auto* options, auto* queue) {
    auto* bare = asked.get();
    rd_kafka_ListConsumerGroupOffsets(impl_->rk(), &bare, 1, options, queue);
  });
  if (!event) {
    impl_->client->context().count_error(kApi.name, event.error());
    return event.error();
  }
  Array<const rd_kafka_group_result_t*> groups;
  groups.items = rd_kafka_ListConsumerGroupOffsets_result_groups(
      rd_kafka_event_ListConsumerGroupOffsets_result(event->get()), &groups.count);
  std::vector<CommittedOffset> offsets;
  for (const auto* result : groups) {
    const auto* error = rd_kafka_group_result_error(result);
    if (rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR) return detail::make_error(*error);
    for (const auto& entry : entries_of(rd_kafka_group_result_partitions(result))) {
      if (entry.offset >= 0) offsets.push_back({{entry.topic, entry.partition}, entry.offset});
    }
  }
  std::ranges::sort(offsets, {}, &CommittedOffset::partition);
  return offsets;
}

ItemResults<std::int64_t> Admin::list_offsets(std::span<const TopicPartition> partitions, OffsetAt at,
                                              Deadline deadline) {
  static constexpr Api kApi{"ListOffsets", RD_KAFKA_ADMIN_OP_LISTOFFSETS};
  constexpr BatchLimits kLimits{.items = 10'000};
  const auto spec = at == OffsetAt::kEarliest ? RD_KAFKA_OFFSET_SPEC_EARLIEST : RD_KAFKA_OFFSET_SPEC_LATEST;
  const auto ask = [&](Items items, ItemCall<std::int64_t>& call) -> Status {
    const detail::PartitionListHandle list(
        rd_kafka_topic_partition_list_new(static_cast<int>(items.size())));
    for (const auto item : items) {
      const auto& [topic, partition] = partitions[item];
      rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = spec;
    }
    SLUICE_TRY(const auto event,
               impl_->request(kApi, {deadline}, [&](const auto* options, auto* queue) {
                 rd_kafka_ListOffsets(impl_->rk(), list.get(), options, queue);
               }));
    Array<const rd_kafka_ListOffsetsResultInfo_t*> infos;
    infos.items = rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(event.get()),
                                                    &infos.count);
    for (const auto* info : infos) {
      const auto* entry = rd_kafka_ListOffsetsResultInfo_topic_partition(info);
      Result<std::int64_t> offset = entry->offset;
      if (entry->err != RD_KAFKA_RESP_ERR_NO_ERROR) offset = detail::make_error(entry->err, nullptr);
      call.answer(key_of(entry->topic, entry->partition), std::move(offset));
    }
    return {};
  };
  std::vector<std::string> keys;
  for (const auto& [topic, partition] : partitions) keys.push_back(key_of(topic, partition));
  return impl_->in_batches<std::int64_t>({kApi.name, std::move(keys)}, kLimits, no_cost, deadline, ask);
}

}  // namespace sluice::kafka
