// Apply, then roll back (M12, G28), on the model broker: whatever an item calls exact is afterwards as
// it was before, and what it calls impossible is left alone. A failure prints its pair;
// SLUICE_TEST_SEED repeats that one alone.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "governance/application/plan_topics.h"
#include "governance/domain/rollback/rollback.h"
#include "support/environments.h"
#include "support/memory_plan_repository.h"
#include "support/memory_topic_records.h"
#include "support/model_cluster.h"
#include "support/plan_truth/any_pair.h"
#include "support/plan_truth/end_state.h"

namespace sluice::test {
namespace {

namespace domain = governance::domain;
using domain::Fidelity;
using domain::TopicName;

constexpr int kPlans = 5'000;

Deadline soon() { return Deadline::after(std::chrono::seconds{30}); }

domain::PolicySet some_policies() {
  domain::PolicySet policies;
  policies.version = "1";
  policies.environments = {domain::EnvironmentName{"dev"}};
  policies.defaults = {{"guardrail.compression", {}, "compression.type", "zstd"}};
  return policies;
}

struct World {
  explicit World(const Pair& pair) { model.create(pair.there, soon()); }

  // Plans and sends; what was planned.
  domain::Plan apply(const domain::TopicBatch& batch) {
    domain::Plan plan = planner.plan(batch, soon()).value();
    PlannedCalls calls;
    add_calls(plan, calls);
    failures = send(calls, model);
    return plan;
  }

  ModelCluster model{{.brokers = 1, .defaults = {}}};
  MemoryPlanRepository plans;
  MemoryTopicRecords records;
  governance::application::PolicyStore policies{some_policies()};
  ManualClock clock{*parse_rfc3339("2026-11-21T09:00:00Z")};
  governance::application::Environments all = environments({"dev"}, model, &model);
  governance::application::PlanTopics planner{all, plans, records, policies, clock};
  std::vector<std::string> failures;
};

std::vector<domain::InverseItem> inverse_of(const domain::Plan& plan, World& world, const Pair& pair) {
  const std::vector<TopicName> names = names_in(pair);
  const domain::ClusterState state = world.model.read(names, soon()).value();
  std::vector<domain::AppliedItem> applied;
  std::vector<TopicName> created;
  for (const domain::PlannedItem& item : plan.items) {
    const auto live = state.topics.find(item.name);
    const bool there = live != state.topics.end();
    applied.push_back({item, domain::ItemState::kDone, there ? live->second.topic_id : ""});
    if (item.action == domain::PlannedAction::kCreate && there) created.push_back(item.name);
  }
  const domain::RollbackGround ground{state, world.model.records_of(created, soon()).value(), {}};
  return domain::invert(applied, ground);
}

domain::TopicBatch batch_of(const std::vector<domain::InverseItem>& inverse) {
  domain::TopicBatch batch{domain::EnvironmentName{"dev"}, domain::ChangeId{"c.rollback-1"}, {}};
  for (const auto& item : inverse) {
    if (item.item) batch.items.push_back(*item.item);
  }
  return batch;
}

std::string state_of(const ModelSnapshot& snapshot, const TopicName& name) {
  const auto found = snapshot.find(name);
  return found == snapshot.end() ? "absent" : describe({{name, found->second}});
}

using Tally = std::map<Fidelity, int>;

// What is wrong; empty: the property holds.
std::string try_pair(const Pair& pair, Tally& tally) {
  World world(pair);
  const ModelSnapshot before = world.model.snapshot();
  const domain::Plan plan = world.apply(pair.batch);
  if (plan.is_blocked()) return {};
  if (!world.failures.empty()) return fmt::format("apply: {}", fmt::join(world.failures, "; "));
  const ModelSnapshot applied = world.model.snapshot();
  const auto inverse = inverse_of(plan, world, pair);
  const domain::TopicBatch batch = batch_of(inverse);
  if (!batch.items.empty()) {
    const domain::Plan back = world.apply(batch);
    if (back.is_blocked()) return "the rollback is blocked: " + back.violations.front().message;
    if (!world.failures.empty()) return fmt::format("rollback: {}", fmt::join(world.failures, "; "));
  }
  const ModelSnapshot after = world.model.snapshot();
  for (const auto& item : inverse) {
    ++tally[item.fidelity];
    const bool left_alone = item.fidelity == Fidelity::kNothing || item.fidelity == Fidelity::kImpossible;
    if (item.fidelity == Fidelity::kLossy) continue;
    const std::string expected = state_of(left_alone ? applied : before, item.name);
    const std::string actual = state_of(after, item.name);
    if (actual != expected) {
      return fmt::format("{} ({}): expected {}, found {}", item.name.view(), to_string(item.fidelity), expected, actual);
    }
  }
  return {};
}

TEST(RollbackOnTheModel, BringsBackWhatItCallsExact) {
  const std::uint64_t first = test_seed();
  const bool alone = std::getenv("SLUICE_TEST_SEED") != nullptr;
  RecordProperty("seed", std::to_string(first));
  Tally tally;
  for (int i = 0; i < (alone ? 1 : kPlans); ++i) {
    const Pair pair = any_pair(first + static_cast<std::uint64_t>(i), {.prefix = "dev.t"});
    const std::string failure = try_pair(pair, tally);
    if (failure.empty()) continue;
    const Pair less = smallest(pair, [](const Pair& tried) {
      Tally ignored;
      return !try_pair(tried, ignored).empty();
    });
    Tally ignored;
    FAIL() << "seed " << pair.seed << ": " << try_pair(less, ignored) << "\n" << describe(less);
  }
  if (alone) return;
  for (const Fidelity fidelity : {Fidelity::kExact, Fidelity::kLossy, Fidelity::kImpossible, Fidelity::kNothing}) {
    EXPECT_GT(tally[fidelity], kPlans / 50) << to_string(fidelity) << ": too rare to prove anything";
  }
}

}  // namespace
}  // namespace sluice::test
