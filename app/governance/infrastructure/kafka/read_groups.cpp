#include "governance/infrastructure/kafka/read_groups.h"

#include <fmt/format.h>

namespace sluice::governance::infrastructure {
namespace {

using Members = std::vector<kafka::GroupMember>;

Error too_many_groups(std::size_t count, std::size_t limit) {
  return {ErrorKind::kConflict, "cluster.too-many-groups",
          fmt::format("The cluster has {} consumer groups; at most {} are looked at.", count, limit),
          "Raise governance.max_groups.", {}};
}

Error cancelled() {
  return {ErrorKind::kCancelled, "server.stopping", "The look at the groups was given up: the server stops.", "", {}};
}

// librdkafka 2.8 does not know groups of the newer protocol (KIP-848): it calls them dead.
Error members_not_known(const std::string& group) {
  return {ErrorKind::kUnsupported, "kafka.group-protocol",
          fmt::format("The members of group '{}' can't be read: it uses a newer protocol.", group), "", {}};
}

// A group without members needs no description: the listing says so already.
void add_members(kafka::Admin& admin, std::vector<ReadGroup>& groups, Deadline deadline) {
  std::vector<std::string> ids;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].state == "Empty") continue;
    ids.push_back(groups[i].id);
    places.push_back(i);
  }
  auto described = admin.describe_groups(ids, deadline);
  for (std::size_t i = 0; i < described.size(); ++i) {
    ReadGroup& group = groups[places[i]];
    if (!described[i]) {
      group.members = described[i].error();
    } else if (described[i]->state == "Dead" && group.state != "Dead") {
      group.members = members_not_known(group.id);
    } else {
      group.members = std::move(described[i]->members);
    }
  }
}

template <typename T>
bool is_gone(const Result<T>& answer) {
  return !answer && answer.error().kind == ErrorKind::kNotFound;
}

}  // namespace

Result<std::vector<ReadGroup>> read_groups(kafka::Admin& admin, const GroupLimits& limits, Deadline deadline,
                                           const std::stop_token& stop) {
  const auto call = [&] { return deadline.no_later_than(limits.call_deadline); };
  SLUICE_TRY(auto listed, admin.list_groups(call()));
  if (listed.size() > limits.max_groups) return too_many_groups(listed.size(), limits.max_groups);
  std::vector<ReadGroup> groups;
  for (kafka::GroupListing& group : listed) {
    groups.push_back({std::move(group.id), std::move(group.state), Members(), std::vector<kafka::CommittedOffset>()});
  }
  add_members(admin, groups, call());
  for (ReadGroup& group : groups) {
    if (stop.stop_requested()) return cancelled();
    group.offsets = admin.group_offsets(group.id, call());
  }
  std::erase_if(groups, [](const ReadGroup& group) { return is_gone(group.members) && is_gone(group.offsets); });
  return groups;
}

}  // namespace sluice::governance::infrastructure
