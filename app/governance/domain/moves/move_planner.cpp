#include "governance/domain/moves/move_planner.h"

#include <algorithm>
#include <string>
#include <tuple>

#include <fmt/format.h>

namespace sluice::governance::domain {
namespace {

using Replicas = std::vector<std::int32_t>;

bool contains(const Replicas& ids, std::int32_t id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }

Error refused(std::string code, std::string message, std::string fix) {
  return {ErrorKind::kConflict, std::move(code), std::move(message), std::move(fix), {}};
}

// Three classes only, so that data which comes and goes does not make another plan (and another
// digest) of the same batch; less than a GiB is no difference.
enum class Load : std::uint8_t { kLight, kUsual, kHeavy };
constexpr std::int64_t kNoDifference = 1LL << 30;

class Spread {
 public:
  Spread(const ReplicaLayout& layout, const TopicLayout& topic) : brokers_(layout.brokers) {
    for (const PartitionPlacement& partition : topic.partitions) {
      for (const auto id : partition.replicas) ++replicas_of_topic_[id];
    }
    std::int64_t sum = 0;
    for (const LiveBroker& broker : brokers_) sum += broker.bytes.value_or(0);
    mean_bytes_ = brokers_.empty() ? 0 : sum / static_cast<std::int64_t>(brokers_.size());
  }

  [[nodiscard]] const LiveBroker* find(std::int32_t id) const {
    const auto found = std::find_if(brokers_.begin(), brokers_.end(), [&](const auto& one) { return one.id == id; });
    return found == brokers_.end() ? nullptr : &*found;
  }

  // The best broker for one more replica; the partition's number breaks ties, so that partitions
  // of one topic do not all choose the same. There is one: who calls has counted.
  std::int32_t choose(const Replicas& taken, std::int32_t partition) {
    const LiveBroker* best = nullptr;
    for (const LiveBroker& broker : brokers_) {
      if (contains(taken, broker.id)) continue;
      if (best == nullptr || rank(broker, taken, partition) < rank(*best, taken, partition)) best = &broker;
    }
    ++replicas_of_topic_[best->id];
    return best->id;
  }

  // The replica that is missed least; never the leader.
  std::int32_t drop(const PartitionPlacement& partition, const Replicas& kept) {
    std::int32_t worst = -1;
    for (const auto id : kept) {
      if (id == partition.leader) continue;
      if (worst < 0 || worth(id, partition, kept) <= worth(worst, partition, kept)) worst = id;  // the later of equals
    }
    --replicas_of_topic_[worst];
    return worst;
  }

 private:
  [[nodiscard]] Load load_of(const LiveBroker& broker) const {
    if (!broker.bytes) return Load::kUsual;
    if (*broker.bytes > mean_bytes_ + mean_bytes_ / 2 + kNoDifference) return Load::kHeavy;
    return *broker.bytes < mean_bytes_ / 2 - kNoDifference ? Load::kLight : Load::kUsual;
  }

  [[nodiscard]] int times_in_rack(const LiveBroker& broker, const Replicas& ids) const {
    if (broker.rack.empty()) return 0;
    return static_cast<int>(std::count_if(ids.begin(), ids.end(), [&](std::int32_t id) {
      const LiveBroker* other = id == broker.id ? nullptr : find(id);
      return other != nullptr && other->rack == broker.rack;
    }));
  }

  using Rank = std::tuple<int, Load, std::int64_t, std::int64_t>;
  [[nodiscard]] Rank rank(const LiveBroker& broker, const Replicas& taken, std::int32_t partition) const {
    const auto count = static_cast<std::int64_t>(brokers_.size());
    const auto place = std::find_if(brokers_.begin(), brokers_.end(),
                                    [&](const auto& one) { return one.id == broker.id; }) - brokers_.begin();
    const auto found = replicas_of_topic_.find(broker.id);
    return {times_in_rack(broker, taken), load_of(broker), found == replicas_of_topic_.end() ? 0 : found->second,
            (place + count - partition % count) % count};
  }

  // The preferred leader is worth keeping for its place, but less than data that is in sync.
  using Worth = std::tuple<bool, bool, bool, int, std::int64_t>;
  [[nodiscard]] Worth worth(std::int32_t id, const PartitionPlacement& partition, const Replicas& kept) const {
    const LiveBroker* broker = find(id);
    const auto found = replicas_of_topic_.find(id);
    return {broker != nullptr, contains(partition.in_sync, id), id == partition.replicas.front(),
            broker == nullptr ? 0 : -times_in_rack(*broker, kept),
            found == replicas_of_topic_.end() ? 0 : -found->second};
  }

  const std::vector<LiveBroker>& brokers_;
  std::map<std::int32_t, std::int64_t> replicas_of_topic_;
  std::int64_t mean_bytes_ = 0;
};

Status check_increase(const Spread& spread, const PartitionPlacement& partition) {
  for (const auto id : partition.replicas) {
    if (spread.find(id) != nullptr) continue;
    return refused("replicas.broker-down",
                   fmt::format("Partition {} has a replica on broker {}, which is not alive: a move would not end "
                               "before it is back.",
                               partition.id, id),
                   fmt::format("Bring broker {} back, then plan again.", id));
  }
  return {};
}

Result<Replicas> target_of(Spread& spread, const PartitionPlacement& partition, std::size_t wanted) {
  Replicas target = partition.replicas;
  if (target.size() == wanted) return target;
  if (partition.leader < 0) {
    return refused("replicas.no-leader",
                   fmt::format("Partition {} has no leader now: there is nothing to copy from, and nothing to keep.",
                               partition.id),
                   "Bring its brokers back, then plan again.");
  }
  if (target.size() < wanted) SLUICE_CHECK(check_increase(spread, partition));
  while (target.size() < wanted) target.push_back(spread.choose(target, partition.id));
  while (target.size() > wanted) std::erase(target, spread.drop(partition, target));
  return target;
}

// A copy for each replica that was not there. Not known as soon as one size is not.
std::optional<std::int64_t> bytes_of(const TopicLayout& topic, const std::vector<PartitionMove>& moves) {
  std::int64_t sum = 0;
  for (const PartitionMove& move : moves) {
    const auto copies = std::count_if(move.to.begin(), move.to.end(),
                                      [&](std::int32_t id) { return !contains(move.from, id); });
    if (copies == 0) continue;
    const auto size = topic.bytes.find(move.partition);
    if (size == topic.bytes.end()) return std::nullopt;
    sum += size->second * copies;
  }
  return sum;
}

}  // namespace

Result<PlannedMoves> plan_moves(const ReplicaLayout& layout, const TopicName& topic, std::int32_t replication_factor) {
  if (!layout.refusal.empty()) {
    return refused("replicas.unsupported", layout.refusal, "Leave replicationFactor as it is, or move replicas by hand.");
  }
  const auto found = layout.topics.find(topic);
  if (found == layout.topics.end()) {
    return refused("replicas.unknown", "Where the topic's replicas are is not known.", "Plan again.");
  }
  if (found->second.is_moving) {
    return refused("kafka.reassignment-in-progress", "Replicas of this topic are being moved already.",
                   "Wait until that reassignment has ended, then plan again.");
  }
  const auto wanted = static_cast<std::size_t>(replication_factor);
  if (replication_factor < 1 || wanted > layout.brokers.size()) {
    return refused("replicas.too-few-brokers",
                   fmt::format("{} replicas need as many live brokers; there are {}.", replication_factor,
                               layout.brokers.size()),
                   fmt::format("Ask for at most {}.", layout.brokers.size()));
  }
  Spread spread(layout, found->second);
  PlannedMoves moves;
  for (const PartitionPlacement& partition : found->second.partitions) {
    SLUICE_TRY(Replicas target, target_of(spread, partition, wanted));
    if (target != partition.replicas) moves.assignment.push_back({partition.id, partition.replicas, std::move(target)});
  }
  moves.bytes = bytes_of(found->second, moves.assignment);
  return moves;
}

}  // namespace sluice::governance::domain
