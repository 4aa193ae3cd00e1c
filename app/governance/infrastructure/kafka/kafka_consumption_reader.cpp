#include "governance/infrastructure/kafka/kafka_consumption_reader.h"

#include <set>
#include <string_view>

namespace sluice::governance::infrastructure {
namespace {

using kafka::TopicPartition;
using Topics = std::set<std::string_view>;

// One group in one topic.
struct Position {
  std::set<std::string_view> members;
  std::map<std::int32_t, domain::PartitionStanding> partitions;
};
using Positions = std::map<std::string_view, Position>;  // by topic

Positions positions_of(const ReadGroup& group, const Topics& topics) {
  Positions positions;
  if (group.members) {
    for (const kafka::GroupMember& member : *group.members) {
      for (const TopicPartition& assigned : member.assignment) {
        if (!topics.contains(assigned.topic)) continue;
        Position& position = positions[assigned.topic];
        position.members.insert(member.member_id);
        position.partitions.try_emplace(assigned.partition);
      }
    }
  }
  if (!group.offsets) return positions;
  for (const kafka::CommittedOffset& committed : *group.offsets) {
    if (!topics.contains(committed.partition.topic)) continue;
    positions[committed.partition.topic].partitions[committed.partition.partition].committed = committed.offset;
  }
  return positions;
}

using Offsets = std::map<TopicPartition, std::optional<std::int64_t>>;

// Leaves empty what does not come.
void read_offsets(kafka::Admin& admin, kafka::OffsetAt at, Offsets& offsets, Deadline deadline) {
  std::vector<TopicPartition> wanted;
  for (const auto& [partition, offset] : offsets) wanted.push_back(partition);
  const auto answers = admin.list_offsets(wanted, at, deadline);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (answers[i]) offsets[wanted[i]] = *answers[i];
  }
}

// Ends of all, and begins of those without a committed offset: the others' lag does not need them.
void add_ends(kafka::Admin& admin, std::vector<Positions>& groups, Deadline deadline) {
  Offsets ends;
  Offsets begins;
  const auto each = [&](const auto& visit) {
    for (Positions& positions : groups) {
      for (auto& [topic, position] : positions) {
        for (auto& [partition, standing] : position.partitions) {
          visit(TopicPartition{std::string(topic), partition}, standing);
        }
      }
    }
  };
  each([&](const TopicPartition& partition, const domain::PartitionStanding& standing) {
    ends.try_emplace(partition);
    if (!standing.committed) begins.try_emplace(partition);
  });
  read_offsets(admin, kafka::OffsetAt::kEarliest, begins, deadline);
  read_offsets(admin, kafka::OffsetAt::kLatest, ends, deadline);
  each([&](const TopicPartition& partition, domain::PartitionStanding& standing) {
    standing.end = ends.at(partition);
    if (!standing.committed) standing.begin = begins.at(partition);
  });
}

domain::GroupLag lag_in(const ReadGroup& group, const Position& position) {
  domain::GroupLag lag{group.id, group.state, std::nullopt, std::nullopt};
  if (group.members) lag.members = static_cast<std::int32_t>(position.members.size());
  std::vector<domain::PartitionStanding> partitions;
  for (const auto& [partition, standing] : position.partitions) partitions.push_back(standing);
  if (group.offsets) lag.lag = domain::lag_of(partitions);
  return lag;
}

}  // namespace

Result<domain::ConsumptionLook> KafkaConsumptionReader::look(std::span<const domain::TopicName> names,
                                                             Deadline deadline, const std::stop_token& stop) {
  // Groups that are slow must leave time for the ends: without them no lag is known.
  const Deadline for_groups = deadline.no_later_than(deadline.remaining() * 3 / 4);
  SLUICE_TRY(const auto groups, read_groups(admin_, limits_, for_groups, stop));
  Topics topics;
  for (const domain::TopicName& name : names) topics.insert(name.view());
  std::vector<Positions> positions;
  for (const ReadGroup& group : groups) positions.push_back(positions_of(group, topics));
  add_ends(admin_, positions, deadline.no_later_than(2 * limits_.call_deadline));
  domain::ConsumptionLook look;
  look.groups = groups.size();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!groups[i].offsets) look.unread.emplace(groups[i].id, groups[i].state);
    for (const auto& [topic, position] : positions[i]) {
      look.topics[domain::TopicName{std::string(topic)}].push_back(lag_in(groups[i], position));
    }
  }
  return look;
}

}  // namespace sluice::governance::infrastructure
