#include "governance/infrastructure/kafka/replica_mover.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>

#include "governance/infrastructure/kafka/broker_requests.h"
#include "governance/infrastructure/kafka/call_results.h"

namespace sluice::governance::infrastructure {
namespace {

using domain::CallOutcome;
using domain::CallResult;
using domain::ReplicaMove;
using Replicas = std::vector<std::int32_t>;
using Descriptions = std::map<std::string, Result<kafka::TopicDescription>>;

// A look that failed is no doubt about a move: none was sent.
CallResult not_sent(const Error& error) {
  return {CallOutcome::kNotSent, error.code, error.message, error.retryable()};
}

const kafka::PartitionDescription* find_partition(const kafka::TopicDescription& topic, std::int32_t id) {
  const auto found = std::find_if(topic.partitions.begin(), topic.partitions.end(),
                                  [&](const auto& partition) { return partition.id == id; });
  return found == topic.partitions.end() ? nullptr : &*found;
}

bool adds_any(const Replicas& before, const Replicas& after) {
  return std::any_of(after.begin(), after.end(), [&](std::int32_t id) {
    return std::find(before.begin(), before.end(), id) == before.end();
  });
}

const kafka::Reassignment* under_way(const std::vector<kafka::Reassignment>& moving, const ReplicaMove& move) {
  const auto found = std::find_if(moving.begin(), moving.end(), [&](const auto& one) {
    return one.partition == move.partition && one.topic == move.topic.view();
  });
  return found == moving.end() ? nullptr : &*found;
}

CallResult elsewhere(const ReplicaMove& move, const kafka::Reassignment& moving) {
  return {CallOutcome::kRefused, "REASSIGNMENT_IN_PROGRESS",
          fmt::format("Partition {} of {} is on its way to brokers {} already.", move.partition, move.topic.str(),
                      fmt::join(moving.target(), ", ")),
          true};
}

CallResult no_such(const ReplicaMove& move) {
  return {CallOutcome::kRefused, "UNKNOWN_TOPIC_OR_PARTITION",
          fmt::format("{} has no partition {}.", move.topic.str(), move.partition), false};
}

std::vector<std::string> topics_of(std::span<const ReplicaMove> moves) {
  std::set<std::string> names;
  for (const ReplicaMove& move : moves) names.insert(move.topic.str());
  return {names.begin(), names.end()};
}

}  // namespace

// Fills in what needs no request, and says what does.
Status ReplicaMover::sort_out(std::span<const ReplicaMove> moves, std::vector<CallResult>& results, Pending& pending,
                              Deadline deadline) {
  const std::vector<std::string> names = topics_of(moves);
  auto described = admin_.describe_topics(names, call(deadline));
  SLUICE_TRY(const auto moving, admin_.list_reassignments(call(deadline)));
  Descriptions topics;
  for (std::size_t i = 0; i < names.size(); ++i) topics.emplace(names[i], std::move(described[i]));

  for (std::size_t i = 0; i < moves.size(); ++i) {
    const ReplicaMove& move = moves[i];
    const auto& topic = topics.at(move.topic.str());
    const auto* partition = topic ? find_partition(*topic, move.partition) : nullptr;
    if (!topic && topic.error().kind != ErrorKind::kNotFound) {
      results[i] = not_sent(topic.error());
    } else if (partition == nullptr) {
      results[i] = no_such(move);
    } else if (const auto* other = under_way(moving, move); other != nullptr) {
      if (other->target() != move.replicas) results[i] = elsewhere(move, *other);
    } else if (partition->replicas != move.replicas) {
      pending.items.push_back(i);
      if (adds_any(partition->replicas, move.replicas)) pending.copied.push_back(move.topic.str());
    }
  }
  std::sort(pending.copied.begin(), pending.copied.end());
  pending.copied.erase(std::unique(pending.copied.begin(), pending.copied.end()), pending.copied.end());
  return {};
}

std::vector<CallResult> ReplicaMover::start(std::span<const ReplicaMove> moves, std::int64_t throttle_bytes_per_s,
                                            Deadline deadline) {
  const MutexLock lock(mutex_);
  std::vector<CallResult> results(moves.size());
  Pending pending;
  const Status sorted = sort_out(moves, results, pending, deadline);
  if (!sorted) return {moves.size(), not_sent(sorted.error())};
  Result<std::string> throttled = std::string();
  if (!pending.copied.empty()) throttled = throttle_.set(pending.copied, throttle_bytes_per_s, deadline);
  if (throttled) {
    send(moves, pending, *throttled, results, deadline);
  } else {
    for (const std::size_t item : pending.items) results[item] = not_sent(throttled.error());
  }
  give_back(moves, pending, throttle_bytes_per_s, results, deadline);
  return results;
}

void ReplicaMover::send(std::span<const ReplicaMove> moves, const Pending& pending, const std::string& notice,
                        std::vector<CallResult>& results, Deadline deadline) {
  std::vector<kafka::ReplicaMove> sent;
  for (const std::size_t item : pending.items) {
    sent.push_back({moves[item].topic.str(), moves[item].partition, moves[item].replicas});
  }
  const auto answers = call_results(admin_.alter_reassignments(sent, call(deadline)));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    CallResult& result = results[pending.items[i]];
    result = answers[i];
    if (result.outcome == CallOutcome::kDone) result.words = notice;
  }
}

// Whoever waits for moves takes their throttle away; nobody waits for what was not taken.
void ReplicaMover::give_back(std::span<const ReplicaMove> moves, const Pending& pending,
                             std::int64_t throttle_bytes_per_s, std::vector<CallResult>& results, Deadline deadline) {
  std::set<std::string> going;
  for (std::size_t i = 0; i < moves.size(); ++i) {
    const bool may_move = results[i].outcome == CallOutcome::kDone || results[i].outcome == CallOutcome::kUnknown;
    if (may_move) going.insert(moves[i].topic.str());
  }
  std::vector<std::string> idle;
  std::set_difference(pending.copied.begin(), pending.copied.end(), going.begin(), going.end(),
                      std::back_inserter(idle));
  if (idle.empty()) return;
  const Status released = release(idle, !going.empty(), throttle_bytes_per_s, deadline);
  if (released) return;
  for (const std::size_t item : pending.items) {
    if (going.contains(moves[item].topic.str())) continue;
    results[item].words += fmt::format(" (its throttle is still in place: {})", released.error().message);
  }
}

Status ReplicaMover::release(const std::vector<std::string>& topics, bool anything_goes,
                             std::int64_t throttle_bytes_per_s, Deadline deadline) {
  SLUICE_TRY(const auto moving, admin_.list_reassignments(call(deadline)));
  std::vector<std::string> still = topics;
  std::erase_if(still, [&](const std::string& name) {
    return std::any_of(moving.begin(), moving.end(), [&](const auto& one) { return one.topic == name; });
  });
  SLUICE_CHECK(throttle_.release_topics(still, deadline));
  if (anything_goes || !moving.empty()) return {};
  return throttle_.release_brokers(throttle_bytes_per_s, deadline);
}

Result<domain::MoveProgress> ReplicaMover::look(std::span<const domain::TopicName> topics,
                                                std::int64_t throttle_bytes_per_s, Deadline deadline) {
  const MutexLock lock(mutex_);
  SLUICE_TRY(const auto moving, admin_.list_reassignments(call(deadline)));
  const std::vector<std::string> names = to_texts(topics);
  const auto left = std::count_if(moving.begin(), moving.end(), [&](const auto& one) {
    return std::find(names.begin(), names.end(), one.topic) != names.end();
  });
  if (left > 0) return domain::MoveProgress{true, left};
  SLUICE_CHECK(throttle_.release_topics(names, deadline));
  if (moving.empty()) SLUICE_CHECK(throttle_.release_brokers(throttle_bytes_per_s, deadline));
  return domain::MoveProgress{};
}

}  // namespace sluice::governance::infrastructure
