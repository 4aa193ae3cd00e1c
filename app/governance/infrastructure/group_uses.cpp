#include "governance/infrastructure/group_uses.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sluice::governance::infrastructure {
namespace {

using Uses = std::map<domain::TopicName, std::vector<domain::GroupUse>>;

Error too_many_groups(std::size_t count, std::size_t limit) {
  return {ErrorKind::kConflict, "cluster.too-many-groups",
          fmt::format("The cluster has {} consumer groups; at most {} are looked at.", count, limit),
          "Raise governance.max_groups.", {}};
}

// One group's members on each of the topics that it has to do with.
using Parts = std::map<std::string, std::set<std::string>>;

void add_members(Parts& parts, const kafka::GroupDescription& group, const std::set<std::string>& topics) {
  for (const kafka::GroupMember& member : group.members) {
    for (const kafka::TopicPartition& assigned : member.assignment) {
      if (topics.contains(assigned.topic)) parts[assigned.topic].insert(member.member_id);
    }
  }
}

void add_offsets(Parts& parts, const std::vector<kafka::CommittedOffset>& offsets,
                 const std::set<std::string>& topics) {
  for (const kafka::CommittedOffset& committed : offsets) {
    const bool matters = committed.offset >= 0 && topics.contains(committed.partition.topic);
    if (matters) parts.try_emplace(committed.partition.topic);
  }
}

// A group without members needs no description: the listing says so already.
Status add_descriptions(kafka::Admin& admin, const std::vector<kafka::GroupListing>& groups,
                        const std::set<std::string>& topics, std::vector<Parts>& parts, Deadline deadline) {
  std::vector<std::string> ids;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].state == "Empty") continue;
    ids.push_back(groups[i].id);
    places.push_back(i);
  }
  const auto described = admin.describe_groups(ids, deadline);
  for (std::size_t i = 0; i < described.size(); ++i) {
    if (!described[i] && described[i].error().kind == ErrorKind::kNotFound) continue;
    if (!described[i]) return Error(described[i].error());
    add_members(parts[places[i]], *described[i], topics);
  }
  return {};
}

}  // namespace

Result<Uses> read_group_uses(kafka::Admin& admin, std::span<const domain::TopicName> names,
                             std::size_t max_groups, Deadline deadline) {
  SLUICE_TRY(auto groups, admin.list_groups(deadline));
  if (groups.size() > max_groups) return too_many_groups(groups.size(), max_groups);
  std::sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  std::set<std::string> topics;
  for (const domain::TopicName& name : names) topics.insert(name.str());
  std::vector<Parts> parts(groups.size());
  SLUICE_CHECK(add_descriptions(admin, groups, topics, parts, deadline));
  Uses uses;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto offsets = admin.group_offsets(groups[i].id, deadline);
    if (!offsets && offsets.error().kind != ErrorKind::kNotFound) return Error(offsets.error());
    if (offsets) add_offsets(parts[i], *offsets, topics);
    for (const auto& [topic, members] : parts[i]) {
      uses[domain::TopicName{topic}].push_back(
          {groups[i].id, groups[i].state, static_cast<std::int32_t>(members.size())});
    }
  }
  return uses;
}

}  // namespace sluice::governance::infrastructure
