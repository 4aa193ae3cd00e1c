// Whatever people, other tools and crashes do, in whatever order (G2, G25, G26, I7):
//   nothing is sent that was not approved as it was sent, by enough people who did not ask for it;
//   a change goes only from state to state as its diagram says;
//   what an apply calls done is there;
//   the audit chain verifies.
// A failure prints what was done; SLUICE_TEST_SEED repeats it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "audit/application/verify_chains.h"
#include "audit/infrastructure/sql_records.h"
#include "governance/domain/change/change_state.h"
#include "governance/domain/change/persons.h"
#include "support/governed_world.h"
#include "support/plan_truth/any_pair.h"

namespace sluice::test {
namespace {

namespace domain = governance::domain;
using domain::ChangeId;
using domain::ChangeState;
using domain::TopicName;

constexpr int kStories = 150;
constexpr int kSteps = 60;
constexpr std::size_t kTopics = 6;
constexpr std::size_t kChanges = 3;

// A process that dies at this call.
struct Crash {};

// Kim is three of them: by itself, through a token of its own, through one that it has issued.
const std::vector<Actor>& people() {
  static const std::vector<Actor> all{{"kim", "kim", "kim", ""},         {"lee", "lee", "lee", ""},
                                      {"ann", "ann", "ann", ""},         {"token:ci", "Kim", "kim", "t1"},
                                      {"token:ops", "joe", "KIM", "t2"}, {"joe", "joe", "joe", ""}};
  return all;
}

// What the test itself remembers of a revision.
struct Revision {
  std::vector<domain::TopicItem> items;
  std::vector<Actor> approvers;  // whose approval still counts
  bool blocked = false;
};
struct Remembered {
  std::vector<Actor> requesters;
  std::string digest;                    // of the newest
  std::map<std::string, Revision> by_digest;
  std::set<std::string> tokens;
};

class Story {
 public:
  explicit Story(std::uint64_t seed) : dice_(seed), world_(ApplyWorld::some_policies()) {
    world_.model().change([](model::Broker& broker) {
      for (std::size_t i = 0; i < kTopics; i += 2) {
        broker.create({{topic(i), 1, 1, {{"retention.ms", "1000"}}}}, model::ForReal::kYes);
      }
    });
  }

  // What is wrong; empty: everything held.
  std::string run() {
    for (int i = 0; i < kSteps && wrong_.empty(); ++i) {
      const auto before = states();
      step();
      check_steps(before, states());
    }
    check_audit();
    return wrong_;
  }
  [[nodiscard]] std::string told() const { return fmt::format("{}", fmt::join(told_, "\n")); }
  [[nodiscard]] int applied() const { return applied_; }
  [[nodiscard]] int crashed() const { return crashed_; }
  [[nodiscard]] int refused() const { return refused_; }

 private:
  static TopicName topic(std::size_t i) { return TopicName{fmt::format("dev.t{}", i)}; }
  ChangeId any_change() { return ChangeId{fmt::format("c{}", dice_.below(kChanges))}; }
  const Actor& anyone() { return dice_.any_of(people()); }
  void fail(std::string what) {
    if (wrong_.empty()) wrong_ = std::move(what);
  }

  void step() {
    switch (dice_.below(10)) {
      case 0:
      case 1: return plan();
      case 2:
      case 3:
      case 4: return approve();
      case 5:
      case 6:
      case 7: return apply();
      case 8: return decide_otherwise();
      default: return meddle();
    }
  }

  void plan() {
    const ChangeId change = any_change();
    const Actor& requester = anyone();
    Remembered& known = known_[change];
    std::vector<domain::TopicItem> items;
    for (std::size_t i = 0; i < kTopics; ++i) {
      if (!dice_.one_in(3)) continue;
      if (dice_.one_in(4)) {
        items.push_back(deletion(topic(i).str()));
      } else {
        items.push_back(upsert(topic(i).str(), {}, {{"retention.ms", std::to_string(1'000 * dice_.below(3) + 1)}}));
      }
    }
    if (items.empty()) items.push_back(upsert(topic(0).str()));
    const bool again = dice_.one_in(4) && known.by_digest.contains(known.digest);
    if (again) items = known.by_digest.at(known.digest).items;
    const auto before = world_.file(change);
    const auto kept = world_.plan(change, items, requester);
    told_.push_back(fmt::format("{} plans {}: {}", requester.id, change.str(),
                                kept ? kept->document.at("digest").get<std::string>().substr(0, 8)
                                     : kept.error().code));
    if (!kept) return;
    known.requesters.push_back(requester);
    const std::string digest = kept->document.at("digest").get<std::string>();
    forget_void_approvals(known, digest != known.digest || (before && is_over(before->change.state)), requester);
    known.digest = digest;
    Revision& revision = known.by_digest[known.digest];
    revision.items = items;
    revision.blocked = kept->plan.is_blocked();
  }

  static bool is_over(ChangeState state) {
    return state == ChangeState::kApplied || state == ChangeState::kRejected || state == ChangeState::kCancelled;
  }
  // Another plan, or the same after the end, needs new ones; who asks for a plan does not count for it.
  static void forget_void_approvals(Remembered& known, bool all, const Actor& requester) {
    for (auto& [digest, revision] : known.by_digest) {
      std::erase_if(revision.approvers, [&](const Actor& approver) {
        return all || domain::share_a_person(approver, requester);
      });
    }
  }

  void approve() {
    const ChangeId change = any_change();
    const Actor& approver = anyone();
    Remembered& known = known_[change];
    if (known.digest.empty()) return;
    std::string digest = known.digest;
    if (dice_.one_in(8)) digest = known.by_digest.begin()->first;
    const auto approved = world_.approve(change, digest, approver);
    told_.push_back(fmt::format("{} approves {} {}: {}", approver.id, change.str(), digest.substr(0, 8),
                                approved ? fmt::format("{} remaining", approved->remaining) : approved.error().code));
    if (!approved) {
      ++refused_;
      return;
    }
    if (digest != known.digest) fail("an old plan was approved");
    if (known.by_digest.at(digest).blocked) fail("a blocked plan was approved");
    if (domain::shares_a_person_with_any(approver, known.requesters)) fail(approver.id + " approved its own change");
    auto& approvers = known.by_digest.at(digest).approvers;
    if (!domain::shares_a_person_with_any(approver, approvers)) approvers.push_back(approver);
    if (!approved->token.empty()) known.tokens.insert(approved->token);
  }

  void apply() {
    const ChangeId change = any_change();
    Remembered& known = known_[change];
    std::optional<std::string> token;
    if (dice_.one_in(2) && !known.tokens.empty()) {
      auto any = known.tokens.begin();
      std::advance(any, static_cast<std::ptrdiff_t>(dice_.below(known.tokens.size())));
      token = *any;
      if (dice_.one_in(4)) (*token)[dice_.below(token->size())] ^= 1;
    }
    const bool dies = dice_.one_in(3);
    if (dies) die_at(dice_.below(8));
    if (dice_.one_in(4)) world_.model().set_read_lag(2);
    const std::size_t sent = world_.model().sent().size();
    std::string outcome;
    try {
      const auto execution = world_.apply(change, token);
      outcome = execution ? std::string(to_string(execution->state)) + " " + test::told(*execution)
                          : execution.error().code;
      if (execution) check_done(*execution);
    } catch (const Crash&) {
      outcome = "dies";
      ++crashed_;
      remember_done(change);
    }
    world_.model().before_each_call({});
    world_.model().set_read_lag(0);
    world_.applies().let_leases_run_out();
    told_.push_back(fmt::format("apply {}{}: {}", change.str(), token ? " by token" : "", outcome));
    check_sent(change, sent);
  }

  void die_at(std::size_t call) {
    auto left = std::make_shared<std::size_t>(call);
    world_.model().before_each_call([left](ModelCall) {
      if ((*left)-- == 0) throw Crash{};
    });
  }

  void decide_otherwise() {
    const ChangeId change = any_change();
    const Actor& person = anyone();
    const bool rejects = dice_.one_in(2);
    const auto caller = GovernedWorld::anybody(person);
    const auto decided = rejects ? world_.decisions().reject(change, "no", caller, ApplyWorld::soon())
                                 : world_.decisions().cancel(change, "no", caller, ApplyWorld::soon());
    told_.push_back(fmt::format("{} {} {}: {}", person.id, rejects ? "rejects" : "cancels", change.str(),
                                decided ? "done" : decided.error().code));
    if (!decided) return;
    for (auto& [digest, revision] : known_[change].by_digest) revision.approvers.clear();
  }

  // Another tool.
  void meddle() {
    const TopicName name = topic(dice_.below(kTopics));
    const std::size_t what = dice_.below(3);
    told_.push_back(fmt::format("somebody changes {} ({})", name.str(), what));
    world_.model().change([&](model::Broker& broker) {
      if (what == 0) broker.remove(name);
      if (what == 1) broker.create({{name, 1, 1, {}}}, model::ForReal::kYes);
      if (what == 2) broker.alter({{name, {{"retention.ms", "77"}}, {}}}, model::ForReal::kYes);
    });
  }

  // --- what must hold ---------------------------------------------------------------------------

  static bool asks_for(const domain::TopicItem& item, const SentItem& sent) {
    const bool deletes = item.action == domain::ItemAction::kDelete;
    return item.name == sent.topic && deletes == (sent.call == ModelCall::kRemove);
  }

  void check_sent(const ChangeId& change, std::size_t first) {
    const auto sent = world_.model().sent();
    for (std::size_t i = first; i < sent.size(); ++i) {
      bool covered = false;
      for (const auto& [digest, revision] : known_[change].by_digest) {
        const std::size_t required = is_mostly_deletes(revision) ? 2 : 1;
        const bool asked = std::any_of(revision.items.begin(), revision.items.end(),
                                       [&](const auto& item) { return asks_for(item, sent[i]); });
        covered = covered || (asked && revision.approvers.size() >= required);
      }
      if (!covered) fail("sent without an approval: " + sent[i].topic.str());
    }
  }
  // At least: which of them were there to be deleted is not remembered.
  static bool is_mostly_deletes(const Revision& revision) {
    return std::all_of(revision.items.begin(), revision.items.end(),
                       [](const auto& item) { return item.action == domain::ItemAction::kDelete; });
  }

  // What a run had brought about when it died: others may change it before the next one goes on.
  void remember_done(const ChangeId& change) {
    const auto execution = world_.applies().journal().newest_of(change, Deadline::after(std::chrono::seconds{5}));
    if (!execution || !*execution) return;
    for (const auto& item : (*execution)->items) {
      if (item.outcome.state == domain::ItemState::kDone) done_before_.insert({(*execution)->id, item.name});
    }
  }

  void check_done(const domain::Execution& execution) {
    if (execution.finished_at) ++applied_;
    // A stored end is told again after others have changed things: only what this run brought about.
    if (!seen_.insert(execution.id).second) return;
    const auto topics = world_.model().topics();
    const auto& revision = known_[execution.change_id].by_digest.at(execution.digest);
    for (const auto& item : execution.items) {
      if (item.outcome.state != domain::ItemState::kDone || done_before_.contains({execution.id, item.name})) continue;
      const auto asked = std::find_if(revision.items.begin(), revision.items.end(),
                                      [&](const auto& wanted) { return wanted.name == item.name; });
      const auto live = topics.find(item.name);
      if (asked->action == domain::ItemAction::kDelete) {
        if (live != topics.end()) fail("done, but still there: " + item.name.str());
        continue;
      }
      if (live == topics.end()) {
        fail("done, but not there: " + item.name.str());
        continue;
      }
      for (const auto& [key, value] : asked->configs) {
        const auto own = live->second.configs.find(key);
        if (own == live->second.configs.end() || own->second != value) fail("done, but not so: " + item.name.str());
      }
    }
  }

  std::map<ChangeId, ChangeState> states() {
    std::map<ChangeId, ChangeState> all;
    for (std::size_t i = 0; i < kChanges; ++i) {
      const ChangeId change{fmt::format("c{}", i)};
      if (const auto file = world_.file(change)) all[change] = file->change.state;
    }
    return all;
  }

  // Within one call a change may take two steps: an apply starts and finishes.
  static bool reachable(ChangeState from, ChangeState to, int steps) {
    if (from == to) return true;
    if (steps == 0) return false;
    for (const domain::ChangeEdge& edge : domain::change_edges()) {
      if (edge.from == from && reachable(edge.to, to, steps - 1)) return true;
    }
    return false;
  }
  void check_steps(const std::map<ChangeId, ChangeState>& before, const std::map<ChangeId, ChangeState>& after) {
    for (const auto& [change, state] : before) {
      const auto now = after.find(change);
      if (now == after.end()) {
        fail("a change is gone: " + change.str());
      } else if (!reachable(state, now->second, 2)) {
        fail(fmt::format("{} went from {} to {}", change.str(), to_string(state), to_string(now->second)));
      }
    }
  }

  void check_audit() {
    audit::infrastructure::SqlRecords records(world_.database());
    const auto verdict = audit::application::verify_chains(records, nullptr, ApplyWorld::soon());
    if (!verdict || !verdict->whole()) fail("the audit chain does not verify");
  }

  Dice dice_;
  GovernedWorld world_;
  std::map<ChangeId, Remembered> known_;
  std::set<std::string> seen_;
  std::set<std::pair<std::string, TopicName>> done_before_;  // of an execution that died
  std::vector<std::string> told_;
  std::string wrong_;
  int applied_ = 0;
  int crashed_ = 0;
  int refused_ = 0;
};

TEST(ChangeFuzz, NothingHappensThatNobodyApproved) {
  const std::uint64_t first = test_seed();
  const bool alone = std::getenv("SLUICE_TEST_SEED") != nullptr;
  int applied = 0;
  int crashed = 0;
  int refused = 0;
  for (int i = 0; i < (alone ? 1 : kStories); ++i) {
    const std::uint64_t seed = first + static_cast<std::uint64_t>(i);
    Story story(seed);
    const std::string wrong = story.run();
    ASSERT_EQ(wrong, "") << "SLUICE_TEST_SEED=" << seed << "\n" << story.told();
    applied += story.applied();
    crashed += story.crashed();
    refused += story.refused();
  }
  if (alone) return;
  EXPECT_GT(applied, kStories) << "a property that is never tried is no property";
  EXPECT_GT(crashed, kStories / 6);
  EXPECT_GT(refused, kStories);
}

}  // namespace
}  // namespace sluice::test
