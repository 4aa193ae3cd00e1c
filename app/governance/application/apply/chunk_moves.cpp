// Replicas on their way: started like any other call, done only when they have arrived and their
// throttle is gone. What is under way is the controller's to say, so a crash changes nothing: whoever
// goes on asks again.
#include <algorithm>
#include <span>

#include "governance/application/apply/chunk.h"
#include "governance/application/apply/pause.h"

namespace sluice::governance::application {
namespace {

using domain::CallOutcome;
using domain::CallResult;
using domain::ItemState;

constexpr std::chrono::milliseconds kLeaseMargin{1'000};

int gravity(const CallResult& result) {
  switch (result.outcome) {
    case CallOutcome::kDone: return 0;
    case CallOutcome::kUnknown: return 1;
    case CallOutcome::kNotSent: return 2;
    case CallOutcome::kRefused: return 3;
  }
  return 3;
}

// What the partitions' answers say about their topic.
const CallResult& worst_of(std::span<const CallResult> results) {
  return *std::max_element(results.begin(), results.end(), [](const CallResult& a, const CallResult& b) {
    return gravity(a) < gravity(b);
  });
}

domain::ItemOutcome without_assignment() {
  return {ItemState::kFailed, "replicas.not-planned", "The plan does not say where the replicas go: plan again.", false,
          ""};
}

}  // namespace

Status Chunk::move_replicas() {
  Items items;
  std::vector<domain::ReplicaMove> moves;
  for (ChunkItem* item : open_items()) {
    if (!item->calls.move_replicas) continue;
    if (item->planned->moves.assignment.empty()) {
      end(*item, without_assignment());
      continue;
    }
    items.push_back(item);
    for (const auto& move : item->planned->moves.assignment) {
      moves.push_back({item->planned->name, move.partition, move.to});
    }
  }
  if (items.empty()) return {};
  SLUICE_CHECK(keep_lease(options_.call_deadline + kLeaseMargin));
  const auto throttle = items.front()->planned->moves.throttle_bytes_per_s;  // one for the whole plan
  const std::vector<CallResult> results = writer().reassign(moves, throttle, call_deadline());
  SLUICE_ASSERT(results.size() == moves.size());
  std::span<const CallResult> left(results);
  for (ChunkItem* item : items) {
    const std::size_t count = item->planned->moves.assignment.size();
    take(*item, worst_of(left.first(count)));
    // New partitions get as many replicas as the first one has: not before its move has certainly begun.
    if (item->doubt) item->calls.grow_to.reset();
    left = left.subspan(count);
  }
  return {};
}

Status Chunk::await_moves(const std::stop_token& stop) {
  Items items = open_items();
  std::erase_if(items, [](const ChunkItem* item) { return !item->still_moves(); });
  if (items.empty()) return {};
  std::vector<domain::TopicName> names;
  for (const ChunkItem* item : items) names.push_back(item->planned->name);
  const Deadline until = Deadline::after(options_.move_deadline);
  while (!stop.stop_requested()) {
    SLUICE_CHECK(keep_lease(options_.call_deadline + kLeaseMargin));
    const auto progress = writer().moves_of(names, call_deadline());
    if (progress && !progress->under_way) {
      for (ChunkItem* item : items) item->replicas_arrived = true;
      return {};
    }
    if (until.expired()) break;
    pause(options_.move_poll, stop);
  }
  if (stop.stop_requested()) return {};
  for (ChunkItem* item : items) {
    end(*item, {ItemState::kUnknown, "replicas.moving", "The replicas are still on their way.", true, ""});
  }
  return {};
}

}  // namespace sluice::governance::application
