// "Plan = truth" (M2, G29) on the model broker: what a plan's diffs say is, byte by byte, what is there
// once it has been applied. A failure prints its pair; SLUICE_TEST_SEED repeats that one alone.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "governance/application/plan_topics.h"
#include "platform/core/canonical_json.h"
#include "support/environments.h"
#include "support/memory_plan_repository.h"
#include "support/memory_topic_records.h"
#include "support/model_cluster.h"
#include "support/plan_truth/any_pair.h"
#include "support/plan_truth/end_state.h"

namespace sluice::test {
namespace {

namespace domain = governance::domain;
using governance::application::PlanTopics;

constexpr int kPairs = 10'000;

Deadline soon() { return Deadline::after(std::chrono::seconds{30}); }

struct Setting {
  std::int32_t brokers = 1;
  int read_lag = 0;
};

domain::PolicySet some_policies() {
  domain::PolicySet policies;
  policies.version = "1";
  policies.environments = {domain::EnvironmentName{"dev"}};
  policies.defaults = {{"guardrail.compression", {}, "compression.type", "zstd"}};
  return policies;
}

// A cluster that holds what the pair wants to be there, and everything that a dry-run needs.
struct World {
  World(const Pair& pair, const Setting& setting) : model({.brokers = setting.brokers, .defaults = {}}) {
    model.set_read_lag(setting.read_lag);
    model.create(pair.there, soon());
  }
  // What is there, however late reads are.
  domain::ClusterState read(const Pair& pair) {
    model.set_read_lag(0);
    return model.read(names_in(pair), soon()).value();
  }
  domain::Plan plan(const Pair& pair) { return planner.dry_run(pair.batch, Actor{"kim", "kim", "kim", ""}, soon()).value().plan; }

  ModelCluster model;
  MemoryPlanRepository plans;
  MemoryTopicRecords records;
  governance::application::PolicyStore policies{some_policies()};
  ManualClock clock{*parse_rfc3339("2026-11-21T09:00:00Z")};
  governance::application::Environments all = environments({"dev"}, model, &model);
  PlanTopics planner{all, plans, records, policies, clock};
};

// What the broker says to the real call is what validate_only said.
std::string broken_verdict(const domain::Plan& plan, World& world) {
  for (const domain::PlannedItem& item : plan.items) {
    for (const domain::BrokerVerdict& verdict : item.verdicts) {
      if (verdict.ok) continue;
      PlannedCalls calls;
      domain::Plan alone;
      alone.items = {item};
      add_calls(alone, calls);
      const auto failures = send(calls, world.model);
      const bool same = !failures.empty() && failures.front().find(verdict.words) != std::string::npos;
      if (!same) return fmt::format("asked: {}; really sent: {}", verdict.words, fmt::join(failures, "; "));
    }
  }
  return {};
}

enum class Kind { kApplied, kBlocked, kNothing };
struct Trial {
  Kind kind = Kind::kApplied;
  std::string failure;  // empty: the property holds
};

std::string not_idempotent(const Pair& pair, World& world) {
  const domain::Plan second = world.plan(pair);
  if (!second.has_changes() || second.is_blocked()) return {};
  return "planned again, it would change something again: " +
         differences(end_state(world.read(pair)), predicted(second, world.read(pair)));
}

Trial try_pair(const Pair& pair, const Setting& setting) {
  World world(pair, setting);
  const model::Topics untouched = world.model.topics();
  const domain::Plan plan = world.plan(pair);
  if (world.model.topics() != untouched) return {Kind::kApplied, "the dry-run changed something"};
  const domain::ClusterState before = world.read(pair);
  PlannedCalls calls;
  add_calls(plan, calls);
  const auto failures = send(calls, world.model);
  if (!failures.empty()) return {Kind::kApplied, fmt::format("not blocked, and: {}", fmt::join(failures, "; "))};
  const Json expected = predicted(plan, before);
  const Json actual = end_state(world.read(pair));
  if (canonical_json(actual) != canonical_json(expected)) return {Kind::kApplied, differences(expected, actual)};
  if (plan.is_blocked()) return {Kind::kBlocked, broken_verdict(plan, world)};
  return {plan.has_changes() ? Kind::kApplied : Kind::kNothing, not_idempotent(pair, world)};
}

class PlanTruthOnTheModel : public testing::TestWithParam<Setting> {};

TEST_P(PlanTruthOnTheModel, TheDiffsSayWhatWillBeThere) {
  const std::uint64_t first = test_seed();
  const bool alone = std::getenv("SLUICE_TEST_SEED") != nullptr;
  RecordProperty("seed", std::to_string(first));
  std::map<Kind, int> tally;
  for (int i = 0; i < (alone ? 1 : kPairs / 4); ++i) {
    const Pair pair = any_pair(first + static_cast<std::uint64_t>(i), {.prefix = "dev.t", .brokers = GetParam().brokers});
    const Trial trial = try_pair(pair, GetParam());
    ++tally[trial.kind];
    if (trial.failure.empty()) continue;
    const Pair less = smallest(pair, [](const Pair& tried) { return !try_pair(tried, GetParam()).failure.empty(); });
    FAIL() << try_pair(less, GetParam()).failure << "\n" << describe(less);
  }
  if (alone) return;
  // A property that is never tried is no property.
  EXPECT_GT(tally[Kind::kApplied], kPairs / 8) << tally[Kind::kNothing] << " without changes";
  EXPECT_GT(tally[Kind::kBlocked], kPairs / 100);
}
INSTANTIATE_TEST_SUITE_P(Brokers, PlanTruthOnTheModel,
                         testing::Values(Setting{1, 0}, Setting{3, 0}, Setting{3, 2}, Setting{1, 7}));

}  // namespace
}  // namespace sluice::test
