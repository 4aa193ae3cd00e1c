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

// The brokers took some of the topic's moves and not all: the topic is changed, and its throttle in place.
bool is_begun_in_part(std::span<const CallResult> results) {
  const auto may_move = [](const CallResult& result) {
    return result.outcome == CallOutcome::kDone || result.outcome == CallOutcome::kUnknown;
  };
  return std::any_of(results.begin(), results.end(), may_move) &&
         !std::all_of(results.begin(), results.end(), may_move);
}

domain::ItemOutcome without_assignment() {
  return {ItemState::kFailed, "replicas.not-planned", "The plan does not say where the replicas go: plan again.", false,
          ""};
}

// What the brokers' side said although it took the moves: whose throttle holds.
void note_throttle(ChunkItem& item, std::span<const CallResult> results) {
  for (const CallResult& result : results) {
    if (result.outcome == CallOutcome::kDone && !result.words.empty()) item.notice = result.words;
  }
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
  SLUICE_CHECK(keep_lease(call_time() + kLeaseMargin));
  const auto throttle = items.front()->planned->moves.throttle_bytes_per_s;  // one for the whole plan
  const std::vector<CallResult> results = writer().reassign(moves, throttle, call_deadline());
  SLUICE_ASSERT(results.size() == moves.size());
  std::span<const CallResult> left(results);
  for (ChunkItem* item : items) {
    const std::size_t count = item->planned->moves.assignment.size();
    const auto answers = left.first(count);
    if (is_begun_in_part(answers)) {
      item->sent = true;
      item->refused_part = worst_of(answers);
      item->calls = {};  // later calls only when the ones before did not fail
    } else {
      take(*item, worst_of(answers));
    }
    note_throttle(*item, answers);
    // New partitions get as many replicas as the first one has: not before its move has certainly begun.
    if (item->doubt) item->calls.grow_to.reset();
    left = left.subspan(count);
  }
  return {};
}

// Taking the throttle away is a request of its own: where the mode forbids it, nobody looks.
void Chunk::hold_moves(const domain::PolicySet& policies, Items& items) {
  for (ChunkItem* item : items) {
    const auto held = held_by_mode(policies, execution_.record.environment, *item->planned, services_.clock.now());
    if (!held) continue;
    end(*item, {ItemState::kUnknown, held->code,
                held->message + " Its replicas may be on their way, under a throttle.", true, ""});
  }
  std::erase_if(items, [](const ChunkItem* item) { return !item->is_open; });
}

// Whether they have arrived, and their throttle is gone. Who can't tell what is in force does not look.
Result<bool> Chunk::look_at_moves(Items& items) {
  const InForce policies = services_.policies.in_force(journal_deadline());
  if (!policies) return false;
  hold_moves(**policies, items);
  if (items.empty()) return true;
  std::vector<domain::TopicName> names;
  for (const ChunkItem* item : items) names.push_back(item->planned->name);
  const auto throttle = items.front()->planned->moves.throttle_bytes_per_s;
  SLUICE_CHECK(keep_lease(call_time() + kLeaseMargin));
  const auto progress = writer().moves_of(names, throttle, call_deadline());
  return progress && !progress->under_way;
}

void Chunk::arrive(const Items& items) {
  for (ChunkItem* item : items) {
    item->replicas_arrived = true;
    if (!item->refused_part) continue;
    const CallResult& refused = *item->refused_part;
    end(*item, {ItemState::kFailed, refused.code, refused.words, refused.retryable, ""});
  }
}

Status Chunk::await_moves(const std::stop_token& stop) {
  Items items = open_items();
  std::erase_if(items, [](const ChunkItem* item) { return !item->still_moves(); });
  if (items.empty()) return {};
  const Deadline until = Deadline::after(options_.move_deadline);
  while (!stop.stop_requested()) {
    SLUICE_TRY(const bool arrived, look_at_moves(items));
    if (arrived) {
      arrive(items);
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
