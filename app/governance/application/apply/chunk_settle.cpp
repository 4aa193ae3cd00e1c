// The second half of a chunk: Kafka's yes is not enough. A create is done when its metadata is
// visible, a delete when the controller has lost the topic, an alter when it reads as intended.
#include <algorithm>

#include <fmt/format.h>

#include "governance/application/apply/chunk.h"
#include "governance/application/apply/pause.h"
#include "governance/domain/plan/item_calls.h"

namespace sluice::governance::application {
namespace {

using domain::ItemState;

// A question that takes longer is answered by a look at all.
constexpr std::chrono::milliseconds kOneTopic{1'000};
constexpr std::chrono::milliseconds kFirstPause{5};
constexpr std::chrono::milliseconds kLongestPause{250};
// After the controller has lost a topic, how long its brokers' metadata is given to follow.
constexpr std::chrono::milliseconds kMetadataFollows{5'000};

domain::ItemOutcome done(const std::optional<domain::LiveTopic>& seen) {
  return {ItemState::kDone, "", "", false, seen ? seen->topic_id : std::string()};
}

domain::ItemOutcome overtaken(const domain::StaleField& field) {
  return {ItemState::kFailed, "apply.overtaken",
          fmt::format("Kafka took the change, but {} is {} now: somebody else has changed it since.", field.field,
                      field.found),
          false, ""};
}

domain::ItemOutcome not_seen(const std::optional<domain::CallResult>& doubt) {
  if (doubt) return {ItemState::kUnknown, doubt->code, doubt->words, true, ""};
  return {ItemState::kUnknown, "apply.not-visible", "Kafka took the change, but it is not visible yet.", true, ""};
}

// Not what may have been written.
bool may_be_recorded_later(const Error& error) { return error.retryable() && error.code != "sql.commit-unknown"; }

bool removes(const ChunkItem& item) { return item.planned->action == domain::PlannedAction::kDelete; }

}  // namespace

// Replicas take their own time: await_moves().
Chunk::Items Chunk::settling() {
  Items items = open_items();
  std::erase_if(items, [](const ChunkItem* item) { return item->still_moves(); });
  return items;
}

Status Chunk::settle(const std::stop_token& stop) {
  const Deadline settled_by = Deadline::after(options_.settle_deadline);
  auto wait = kFirstPause;
  for (;;) {
    see();
    see_deleted();
    if (settling().empty() || stop.stop_requested()) return {};
    if (settled_by.expired()) break;
    // What is over, while the rest is on its way; a database that is away for a moment is asked again.
    if (const Status recorded = record(); !recorded && !may_be_recorded_later(recorded.error())) return recorded;
    SLUICE_CHECK(keep_lease(options_.renew_below));
    const Deadline look_by = Deadline::after(kLongestPause);
    do {
      pause(wait, stop);
    } while (!last_has_come() && !look_by.expired() && !stop.stop_requested());
    wait = std::min(wait * 11 / 10 + std::chrono::milliseconds{1}, kLongestPause);
  }
  give_up_waiting();
  return {};
}

// Kafka shows topics in the order in which it made them. One that is not there yet is a cheaper question than a
// thousand, to a broker that is busy with making them.
bool Chunk::last_has_come() {
  const Items items = settling();
  if (items.empty() || !items.back()->calls.create) return true;
  const auto seen = cluster().describe(std::span(&items.back()->planned->name, 1), Deadline::after(kOneTopic));
  return !seen || !seen->empty();
}

// Each topic as it reads now. A read that fails or lags shows nothing: the next one may.
void Chunk::see() {
  Items items = settling();
  std::erase_if(items, [](const ChunkItem* item) { return removes(*item); });
  if (items.empty()) return;
  const auto state = read(items);
  if (!state) return;
  for (ChunkItem* item : items) {
    const domain::WorkLeft decision = domain::decide(*item->planned, *state, domain::Attempt::kAgain);
    const auto* field = std::get_if<domain::StaleField>(&decision);
    item->unlike = field != nullptr ? std::optional(*field) : std::nullopt;
    if (!std::holds_alternative<domain::NothingLeft>(decision)) continue;
    const auto topic = state->topics.find(item->planned->name);
    if (topic != state->topics.end()) item->seen = topic->second;
    end(*item, done(item->seen));
  }
}

// Gone is what the controller says is gone; brokers show a deleted topic for a while.
void Chunk::see_deleted() {
  Items items = open_items();
  std::erase_if(items, [](const ChunkItem* item) { return !removes(*item); });
  if (items.empty()) return;
  const auto verdicts = ask_the_controller(items);
  if (!verdicts) return;
  std::vector<std::pair<domain::TopicName, bool>> gone;
  for (ChunkItem* item : items) {
    const domain::BrokerVerdict& verdict = verdicts->at(item->planned->name);
    const auto exists = domain::existence_in(verdict);
    if (!exists) item->doubt = domain::CallResult{domain::CallOutcome::kUnknown, verdict.code, verdict.words, true};
    if (exists.value_or(true)) continue;
    gone.emplace_back(item->planned->name, false);
    end(*item, done(std::nullopt));
  }
  // So that what is planned next does not see a ghost; the delete itself is done either way.
  if (!gone.empty()) (void)cluster().await_existence(gone, Deadline::after(kMetadataFollows));
}

void Chunk::give_up_waiting() {
  for (ChunkItem* item : settling()) {
    end(*item, item->unlike && !item->doubt ? overtaken(*item->unlike) : not_seen(item->doubt));
  }
}

}  // namespace sluice::governance::application
