#include "governance/domain/catalogue/consumption.h"

#include <algorithm>

namespace sluice::governance::domain {
namespace {

std::optional<std::int64_t> lag_of_one(const PartitionStanding& partition) {
  if (!partition.end) return std::nullopt;
  if (partition.committed) return std::max<std::int64_t>(0, *partition.end - *partition.committed);
  return partition.begin == partition.end ? std::optional<std::int64_t>(0) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> lag_of(std::span<const PartitionStanding> partitions) {
  std::int64_t sum = 0;
  for (const PartitionStanding& partition : partitions) {
    const auto lag = lag_of_one(partition);
    if (!lag) return std::nullopt;
    sum += *lag;
  }
  return sum;
}

std::vector<GroupLag> groups_after(const std::vector<GroupLag>* known, const ConsumptionLook& look,
                                   const TopicName& name) {
  const auto found = look.topics.find(name);
  std::vector<GroupLag> groups = found == look.topics.end() ? std::vector<GroupLag>() : found->second;
  if (!known || look.unread.empty()) return groups;
  for (const GroupLag& before : *known) {
    const auto unread = look.unread.find(before.group);
    const bool said = std::any_of(groups.begin(), groups.end(),
                                  [&](const GroupLag& group) { return group.group == before.group; });
    if (unread != look.unread.end() && !said) {
      groups.push_back({before.group, unread->second, std::nullopt, std::nullopt});
    }
  }
  std::sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a.group < b.group; });
  return groups;
}

}  // namespace sluice::governance::domain
