#include "governance/application/apply/chunk.h"

#include <algorithm>

#include <fmt/format.h>

#include "governance/application/apply/apply_errors.h"
#include "governance/application/apply/item_record.h"
#include "governance/domain/plan/item_calls.h"

namespace sluice::governance::application {
namespace {

using domain::Attempt;
using domain::CallOutcome;
using domain::CallResult;
using domain::ItemOutcome;
using domain::ItemState;
using domain::PlannedAction;

// More than a call's deadline must be left of the lease: a call is never under way without it.
constexpr std::chrono::milliseconds kLeaseMargin{1'000};
// How long a create or delete that is under way may keep reads and the controller apart.
constexpr std::chrono::milliseconds kAgreeWithin{5'000};

bool is_again(const domain::ExecutionItem& item) { return item.outcome.state != ItemState::kPending; }

// Nothing of this attempt has happened. What an earlier one did only a look can tell, so until there was
// one nothing about the item is final.
ItemOutcome not_sent(const ChunkItem& item, std::string code, std::string words, bool retryable) {
  const ItemState state = item.in_doubt ? ItemState::kUnknown : ItemState::kFailed;
  return {state, std::move(code), std::move(words), retryable || item.in_doubt, ""};
}

ItemOutcome not_looked_at(const ChunkItem& item, const Error& error) {
  return not_sent(item, error.code, error.describe(), error.retryable());
}

ItemOutcome stale(const domain::TopicName& name, const domain::StaleField& field) {
  const Error error = errors::plan_stale(name, field);
  return {ItemState::kStale, error.code, error.message, false, ""};
}

ItemOutcome done_as(const std::optional<domain::LiveTopic>& seen) {
  return {ItemState::kDone, "", "", false, seen ? seen->topic_id : std::string()};
}

ItemOutcome unsettled(const ChunkItem& item) {
  return not_sent(item, "cluster.unsettled",
                  "The topic is being created or deleted right now: brokers and controller disagree.", true);
}

bool deletes(const ChunkItem& item) { return item.planned->action == PlannedAction::kDelete; }

}  // namespace

Chunk::Chunk(ApplyServices& services, RunningExecution& execution, const std::vector<std::int64_t>& positions)
    : services_(services), journal_(services.journal), options_(services.options), execution_(execution) {
  items_.reserve(positions.size());
  for (const std::int64_t position : positions) {
    const auto index = static_cast<std::size_t>(position);
    ChunkItem item;
    item.position = position;
    item.planned = &execution.planned[index];
    item.attempt = is_again(execution.record.items[index]) ? Attempt::kAgain : Attempt::kFirst;
    item.in_doubt = domain::is_in_doubt(execution.record.items[index]);
    item.has_failed = execution.record.items[index].outcome.state == ItemState::kFailed;
    items_.push_back(std::move(item));
  }
}

Status Chunk::run(const std::stop_token& stop) {
  hold();
  SLUICE_CHECK(intend());
  look();
  agree_with_the_controller();
  hold_calls();
  SLUICE_CHECK(send());
  SLUICE_CHECK(settle(stop));
  SLUICE_CHECK(record());  // nobody waits for somebody else's replicas
  SLUICE_CHECK(await_moves(stop));
  SLUICE_CHECK(settle(stop));
  return record();
}

Chunk::Items Chunk::open_items() {
  Items open;
  for (ChunkItem& item : items_) {
    if (item.is_open) open.push_back(&item);
  }
  return open;
}

void Chunk::end(ChunkItem& item, ItemOutcome outcome) {
  item.is_open = false;
  item.outcome = std::move(outcome);
}

// --- the journal --------------------------------------------------------------------------------

Status Chunk::intend() {
  std::vector<RecordedItem> intents;
  intents.reserve(items_.size());
  for (const ChunkItem* item : open_items()) intents.push_back({item->position, item->planned, item->outcome});
  if (intents.empty()) return {};
  SLUICE_CHECK(journal_.intend(execution_.lease, intents, journal_deadline()));
  for (const ChunkItem& item : items_) {
    if (!item.is_open) continue;
    domain::ExecutionItem& kept = execution_.record.items[static_cast<std::size_t>(item.position)];
    kept.outcome = item.outcome;
    ++kept.attempts;
  }
  return {};
}

// What is still open when the process is told to stop keeps its intent: whoever goes on looks again.
Status Chunk::record() {
  std::vector<RecordedItem> outcomes;
  std::vector<audit::contract::Entry> entries;
  for (const ChunkItem& item : items_) {
    if (item.is_open || item.is_recorded) continue;
    outcomes.push_back({item.position, item.planned, item.outcome});
    if (auto entry = audit_entry(execution_, item)) entries.push_back(std::move(*entry));
  }
  if (outcomes.empty()) return {};
  const TimePoint now = services_.clock.now();
  SLUICE_CHECK(journal_.record(execution_.lease, now, outcomes, entries, journal_deadline()));
  for (ChunkItem& item : items_) item.is_recorded = !item.is_open;
  for (const RecordedItem& item : outcomes) {
    domain::ExecutionItem& kept = execution_.record.items[static_cast<std::size_t>(item.position)];
    kept.outcome = item.outcome;
    kept.updated_at = now;
    services_.observer.item_ended(kept.action, kept.outcome.state);
  }
  services_.observer.progressed(execution_.record);
  return {};
}

Status Chunk::keep_lease(std::chrono::milliseconds needed) {
  if (execution_.lease.valid_until.remaining() > needed) return {};
  SLUICE_CHECK(journal_.renew(execution_.lease, journal_deadline()));
  if (execution_.lease.valid_until.remaining() > needed) return {};
  return errors::lease_lost(execution_.record.id);
}

// --- what may not be sent now -------------------------------------------------------------------

std::optional<Hold> Chunk::hold_of(const ChunkItem& item, const InForce& policies) const {
  if (item.planned->action == PlannedAction::kNone) return std::nullopt;
  if (!policies) return Hold{policies.error().code, policies.error().describe()};
  if (auto held = held_by_mode(**policies, execution_.record.environment, *item.planned, services_.clock.now())) {
    return held;
  }
  const auto by_rule = execution_.held.find(item.position);
  return by_rule == execution_.held.end() ? std::nullopt : std::optional(by_rule->second);
}

// In the last moment before the intent. What no call has been sent for stays as it is, unless somebody else
// has changed it, which is worth more to know than what is forbidden; what may have been sent before is
// looked at all the same.
void Chunk::hold() {
  const InForce policies = services_.policies.in_force(journal_deadline());
  Items untouched;
  for (ChunkItem* item : open_items()) {
    item->held = hold_of(*item, policies);
    if (item->held && !item->in_doubt) untouched.push_back(item);
  }
  if (untouched.empty()) return;
  const auto state = policies ? read(untouched) : Result<domain::ClusterState>(policies.error());
  if (policies && !state) cluster_is_away_ = true;
  for (ChunkItem* item : untouched) {
    const auto left = state ? domain::decide(*item->planned, *state, item->attempt) : domain::WorkLeft{};
    if (const auto* field = std::get_if<domain::StaleField>(&left)) {
      end(*item, stale(item->planned->name, *field));
      continue;
    }
    const auto& kept = execution_.record.items[static_cast<std::size_t>(item->position)];
    end(*item, {kept.outcome.state, item->held->code, item->held->message, true, ""});
  }
}

void Chunk::hold_calls() {
  for (ChunkItem* item : open_items()) {
    if (!item->held || item->calls == domain::CallsLeft{}) continue;
    ItemOutcome outcome = not_sent(*item, item->held->code, item->held->message, true);
    if (item->has_failed) outcome.state = ItemState::kFailed;  // seen now: it has not come about since
    end(*item, std::move(outcome));
  }
}

// --- what is there, and what is left to do --------------------------------------------------------

Result<domain::ClusterState> Chunk::read(const Items& items) {
  std::vector<domain::TopicName> names;
  names.reserve(items.size());
  for (const ChunkItem* item : items) names.push_back(item->planned->name);
  SLUICE_TRY(domain::ClusterState state, read_state(*execution_.environment, names, call_deadline()));
  const std::string& approved = execution_.record.cluster_id;
  if (state.cluster_id != approved) return errors::other_cluster(approved, state.cluster_id);
  return state;
}

void Chunk::look() {
  const Items items = open_items();
  if (items.empty()) return;
  const auto state = read(items);
  if (!state) cluster_is_away_ = true;
  for (ChunkItem* item : items) {
    if (state) {
      decide(*item, *state);
    } else {
      end(*item, not_looked_at(*item, state.error()));
    }
  }
}

void Chunk::decide(ChunkItem& item, const domain::ClusterState& state) {
  const domain::WorkLeft decision = domain::decide(*item.planned, state, item.attempt);
  if (const auto* field = std::get_if<domain::StaleField>(&decision)) {
    end(item, stale(item.planned->name, *field));
    return;
  }
  if (const auto* calls = std::get_if<domain::CallsLeft>(&decision)) {
    item.calls = *calls;
    return;
  }
  item.calls = {};
  if (deletes(item) || item.still_moves()) return;  // only the controller knows what is gone, or has arrived
  const auto topic = state.topics.find(item.planned->name);
  if (topic != state.topics.end()) item.seen = topic->second;
  end(item, done_as(item.seen));
}

// Reads lag writes, so where our own calls may have happened before only the controller says whether a
// topic exists. First attempts need not ask: Kafka itself refuses to create what exists.
void Chunk::agree_with_the_controller() {
  Items asked;
  for (ChunkItem* item : open_items()) {
    const bool existence_decides = item->calls.create || deletes(*item);
    if (item->attempt == Attempt::kAgain && existence_decides) asked.push_back(item);
  }
  if (asked.empty()) return;
  const auto verdicts = ask_the_controller(asked);
  if (!verdicts) {
    cluster_is_away_ = true;
    for (ChunkItem* item : asked) end(*item, not_looked_at(*item, verdicts.error()));
    return;
  }
  std::vector<std::pair<domain::TopicName, bool>> disputed;
  for (ChunkItem* item : asked) {
    const domain::BrokerVerdict& verdict = verdicts->at(item->planned->name);
    const auto exists = domain::existence_in(verdict);
    if (!exists) {
      end(*item, not_sent(*item, verdict.code, verdict.words, true));
    } else if (*exists != item->calls.remove) {
      disputed.emplace_back(item->planned->name, *exists);
    }
  }
  if (disputed.empty()) return;
  const auto agreed = cluster().await_existence(disputed, Deadline::after(kAgreeWithin));
  if (agreed && *agreed) look();
  // Another broker may have answered that look: nothing is sent against the controller's word.
  for (ChunkItem* item : asked) {
    const auto exists = domain::existence_in(verdicts->at(item->planned->name));
    if (item->is_open && exists != item->calls.remove) end(*item, unsettled(*item));
  }
}

Result<std::map<domain::TopicName, domain::BrokerVerdict>> Chunk::ask_the_controller(const Items& items) {
  domain::Probes probes;
  for (const ChunkItem* item : items) probes.creates.push_back(domain::existence_of(item->planned->name));
  SLUICE_TRY(auto said, cluster().validate(probes, call_deadline()));
  SLUICE_ASSERT(said.size() == items.size());
  std::map<domain::TopicName, domain::BrokerVerdict> verdicts;
  for (domain::BrokerVerdict& verdict : said) verdicts.emplace(verdict.name, std::move(verdict));
  return verdicts;
}

// --- the calls ------------------------------------------------------------------------------------

template <typename Wanted, typename Make, typename Call>
Status Chunk::send_each(Wanted wanted, Make make, Call call) {
  Items items;
  for (ChunkItem* item : open_items()) {
    if (wanted(item->calls)) items.push_back(item);
  }
  if (items.empty()) return {};
  SLUICE_CHECK(keep_lease(call_time() + kLeaseMargin));
  std::vector<decltype(make(*items.front()))> probes;
  probes.reserve(items.size());
  for (const ChunkItem* item : items) probes.push_back(make(*item));
  const std::vector<CallResult> results = call(probes, call_deadline());
  SLUICE_ASSERT(results.size() == items.size());
  for (std::size_t i = 0; i < items.size(); ++i) take(*items[i], results[i]);
  return {};
}

Status Chunk::send() {
  using domain::CallsLeft;
  SLUICE_CHECK(move_replicas());  // first: new partitions get as many replicas as the first partition has
  SLUICE_CHECK(send_each([](const CallsLeft& calls) { return calls.create; },
                         [](const ChunkItem& item) { return domain::create_of(*item.planned); },
                         [&](const auto& probes, Deadline deadline) { return writer().create(probes, deadline); }));
  SLUICE_CHECK(send_each([](const CallsLeft& calls) { return calls.grow_to.has_value(); },
                         [](const ChunkItem& item) {
                           return domain::PartitionsProbe{item.planned->name, *item.calls.grow_to};
                         },
                         [&](const auto& probes, Deadline deadline) { return writer().grow(probes, deadline); }));
  SLUICE_CHECK(send_each([](const CallsLeft& calls) { return !calls.set.empty() || !calls.unset.empty(); },
                         [](const ChunkItem& item) {
                           return domain::ConfigProbe{item.planned->name, item.calls.set, item.calls.unset};
                         },
                         [&](const auto& probes, Deadline deadline) { return writer().alter(probes, deadline); }));
  return send_each([](const CallsLeft& calls) { return calls.remove; },
                   [](const ChunkItem& item) { return item.planned->name; },
                   [&](const auto& names, Deadline deadline) { return writer().remove(names, deadline); });
}

void Chunk::take(ChunkItem& item, const CallResult& result) {
  switch (result.outcome) {
    case CallOutcome::kDone: item.sent = true; return;
    case CallOutcome::kUnknown:
      item.sent = true;
      item.doubt = result;
      return;
    case CallOutcome::kRefused:
    case CallOutcome::kNotSent: break;
  }
  const bool exists = item.calls.create && result.code == "TOPIC_ALREADY_EXISTS";
  const bool gone = result.code == "UNKNOWN_TOPIC_OR_PARTITION";
  const bool may_be_ours = item.attempt == Attempt::kAgain && (item.calls.create || item.calls.remove);
  if ((exists || gone) && may_be_ours) return;  // settle() sees which
  if ((exists || gone) && !item.sent) {         // somebody was faster, between our look and our call
    end(item, stale(item.planned->name, {"exists", exists ? "absent" : item.planned->live.topic_id,
                                         exists ? "present" : "absent"}));
    return;
  }
  if (result.outcome == CallOutcome::kNotSent) {
    end(item, not_sent(item, result.code, result.words, result.retryable));
  } else {
    end(item, {ItemState::kFailed, result.code, result.words, result.retryable, ""});
  }
}

}  // namespace sluice::governance::application
