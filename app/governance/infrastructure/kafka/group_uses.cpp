#include "governance/infrastructure/kafka/group_uses.h"

#include <algorithm>
#include <set>
#include <string>

namespace sluice::governance::infrastructure {
namespace {

using Uses = std::map<domain::TopicName, std::vector<domain::GroupUse>>;
using Topics = std::set<std::string>;
// One group's members on each of the topics that it has to do with.
using Parts = std::map<std::string, std::set<std::string>>;

template <typename T>
bool is_failure(const Result<T>& answer) {
  return !answer && answer.error().kind != ErrorKind::kNotFound;
}

void add_members(Parts& parts, const std::vector<kafka::GroupMember>& members, const Topics& topics) {
  for (const kafka::GroupMember& member : members) {
    for (const kafka::TopicPartition& assigned : member.assignment) {
      if (topics.contains(assigned.topic)) parts[assigned.topic].insert(member.member_id);
    }
  }
}

void add_offsets(Parts& parts, const std::vector<kafka::CommittedOffset>& offsets, const Topics& topics) {
  for (const kafka::CommittedOffset& committed : offsets) {
    const bool matters = committed.offset >= 0 && topics.contains(committed.partition.topic);
    if (matters) parts.try_emplace(committed.partition.topic);
  }
}

// A group with members that can't be read (a newer protocol) has one at least on each topic that it
// commits: who protects a topic from deletion must not take it for unread.
void assume_members(Parts& parts) {
  for (auto& [topic, members] : parts) members.insert("?");
}

}  // namespace

Result<Uses> read_group_uses(kafka::Admin& admin, std::span<const domain::TopicName> names,
                             const GroupLimits& limits, Deadline deadline) {
  SLUICE_TRY(const auto groups, read_groups(admin, limits, deadline));
  Topics topics;
  for (const domain::TopicName& name : names) topics.insert(name.str());
  Uses uses;
  for (const ReadGroup& group : groups) {
    const bool unreadable = !group.members && group.members.error().kind == ErrorKind::kUnsupported;
    if (is_failure(group.members) && !unreadable) return Error(group.members.error());
    if (is_failure(group.offsets)) return Error(group.offsets.error());
    Parts parts;
    if (group.members) add_members(parts, *group.members, topics);
    if (group.offsets) add_offsets(parts, *group.offsets, topics);
    if (unreadable) assume_members(parts);
    for (const auto& [topic, members] : parts) {
      uses[domain::TopicName{topic}].push_back({group.id, group.state, static_cast<std::int32_t>(members.size())});
    }
  }
  return uses;
}

}  // namespace sluice::governance::infrastructure
