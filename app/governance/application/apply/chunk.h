// One step of an execution: a few items of one kind, from the intent to the outcome. Intent → look →
// decide → call → see that it came about → outcome; the argument is in docs/guide/apply.md.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "governance/application/apply/running_execution.h"
#include "governance/application/policy_store.h"
#include "governance/domain/apply/decide.h"
#include "governance/domain/repository/topic_writer.h"
#include "platform/core/clock.h"

namespace sluice::governance::application {

struct ApplyServices {
  ExecutionJournal& journal;
  const Clock& clock;
  const PolicyStore& policies;
  ApplyOptions options = {};
  ApplyObserver observer = {};
};

// An item on its way through a chunk.
struct ChunkItem {
  std::int64_t position = 0;
  const domain::PlannedItem* planned = nullptr;
  domain::Attempt attempt = domain::Attempt::kFirst;
  bool in_doubt = false;  // a call of an earlier attempt may have happened, and nobody has seen its end
  bool has_failed = false;  // that attempt was told as failed
  bool is_open = true;      // nothing decided yet
  bool is_recorded = false;
  std::optional<Hold> held;  // nothing is sent for it
  domain::CallsLeft calls;
  bool sent = false;                         // at least one call of this run may have happened
  std::optional<domain::CallResult> doubt;   // the last call's answer, where there was none
  std::optional<domain::CallResult> refused_part;  // some of its replicas move, others were refused
  std::optional<domain::StaleField> unlike;  // how it last looked, where not as intended
  domain::ItemOutcome outcome{domain::ItemState::kIntent, "", "", true, ""};
  std::optional<domain::LiveTopic> seen;  // after the change
  std::string notice;                     // what else its entry in the audit trail says
  bool replicas_arrived = false;          // and nothing slows down the topic any more

  // Reads show the new factor as soon as the move has begun: only the controller knows when it ends.
  [[nodiscard]] bool still_moves() const { return !planned->moves.assignment.empty() && !replicas_arrived; }
};

// Used once, by one thread.
class Chunk {
 public:
  // `positions` of open items, all of one action; `execution` outlives the chunk.
  Chunk(ApplyServices& services, RunningExecution& execution, const std::vector<std::int64_t>& positions);

  // An error when the journal could not be kept: nothing further may be done for this execution. What
  // became of the items is in execution.record otherwise.
  Status run(const std::stop_token& stop);
  // The cluster did not answer, so the chunks to come would not get further.
  [[nodiscard]] bool cluster_is_away() const { return cluster_is_away_; }

 private:
  using Items = std::vector<ChunkItem*>;

  Status intend();
  Status record();
  Status keep_lease(std::chrono::milliseconds needed);

  // What may not be sent now.
  using InForce = Result<std::shared_ptr<const domain::PolicySet>>;
  [[nodiscard]] std::optional<Hold> hold_of(const ChunkItem& item, const InForce& policies) const;
  void hold();
  void hold_calls();
  void hold_moves(const domain::PolicySet& policies, Items& items);

  // What is there, and what is left to do.
  void look();
  Result<domain::ClusterState> read(const Items& items);
  void decide(ChunkItem& item, const domain::ClusterState& state);
  void agree_with_the_controller();
  Result<std::map<domain::TopicName, domain::BrokerVerdict>> ask_the_controller(const Items& items);

  // The calls.
  Status send();
  template <typename Wanted, typename Make, typename Call>
  Status send_each(Wanted wanted, Make make, Call call);
  Status move_replicas();
  Status await_moves(const std::stop_token& stop);
  Result<bool> look_at_moves(Items& items);
  void arrive(const Items& items);
  void take(ChunkItem& item, const domain::CallResult& result);

  // What came of them.
  Status settle(const std::stop_token& stop);
  Items settling();
  bool last_has_come();
  void see();
  void see_deleted();
  void give_up_waiting();

  void end(ChunkItem& item, domain::ItemOutcome outcome);
  Items open_items();
  // Calls go to Kafka in requests of so many items, one after the other.
  [[nodiscard]] std::chrono::milliseconds call_time() const {
    constexpr std::size_t kItemsInOneRequest = 500;
    return options_.call_deadline * static_cast<int>(1 + items_.size() / (kItemsInOneRequest + 1));
  }
  [[nodiscard]] Deadline call_deadline() const { return Deadline::after(call_time()); }
  [[nodiscard]] Deadline journal_deadline() const { return Deadline::after(options_.journal_deadline); }
  [[nodiscard]] domain::TopicCluster& cluster() const { return *execution_.environment->cluster; }
  [[nodiscard]] domain::TopicWriter& writer() const { return *execution_.environment->writer; }

  ApplyServices& services_;
  ExecutionJournal& journal_;
  const ApplyOptions& options_;
  RunningExecution& execution_;
  std::vector<ChunkItem> items_;
  bool cluster_is_away_ = false;
};

}  // namespace sluice::governance::application
