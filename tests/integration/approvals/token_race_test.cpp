// One approval token presented fifty times at once, on both real databases: one execution, everything sent
// once, and whoever gets an answer gets that one's (G25).
#include <gtest/gtest.h>

#include <latch>
#include <map>
#include <thread>

#include "support/governed_world.h"

namespace sluice::test {
namespace {

constexpr int kCallers = 50;

const Actor kKim{"kim", "kim", "kim", ""};
const Actor kLee{"lee", "lee", "lee", ""};

template <sql::Dialect dialect>
struct On {
  static constexpr sql::Dialect kDialect = dialect;
};

template <typename Kind>
class TokenRace : public testing::Test {
 protected:
  // What each of them got: an execution's id, or an error's code.
  std::map<std::string, int> apply_at_once(const governance::domain::ChangeId& change, const std::string& token) {
    std::map<std::string, int> answers;
    Mutex mutex;
    std::latch start(kCallers);
    std::vector<std::jthread> callers;
    for (int i = 0; i < kCallers; ++i) {
      callers.emplace_back([&] {
        start.arrive_and_wait();
        const auto execution = world_.apply(change, token);
        const MutexLock lock(mutex);
        ++answers[execution ? execution->id : execution.error().code];
      });
    }
    callers.clear();
    return answers;
  }
  std::int64_t audited(const std::string& action) {
    return world_.applies().count("audit_records WHERE action = '" + action + "' AND outcome = 'done'");
  }

  GovernedWorldOn<Kind::kDialect> world_{ApplyWorld::some_policies()};
};
using Databases = testing::Types<On<sql::Dialect::kPostgres>, On<sql::Dialect::kSqlite>>;
TYPED_TEST_SUITE(TokenRace, Databases);

TYPED_TEST(TokenRace, OneOfFiftyWins) {
  auto& world = this->world_;
  const governance::domain::ChangeId change{"race"};
  const auto plan = world.plan(change, {upsert("dev.a", 1), upsert("dev.b", 1), upsert("dev.c", 1)}, kKim);
  ASSERT_TRUE(plan) << plan.error().describe();
  const auto approved = world.approve(change, plan->document.at("digest").template get<std::string>(), kLee);
  ASSERT_TRUE(approved) << approved.error().describe();
  ASSERT_EQ(approved->remaining, 0);

  const auto answers = this->apply_at_once(change, approved->token);
  EXPECT_EQ(world.applies().count("governance_executions"), 1);
  EXPECT_EQ(this->audited("change.start"), 1) << "exactly one wins";
  EXPECT_EQ(this->audited("change.resume"), 0);
  EXPECT_EQ(this->audited("change.apply"), 1);
  EXPECT_EQ(world.model().sent().size(), 3U);
  EXPECT_EQ(world.applies().change_state("race"), "APPLIED");
  // Who comes while it runs, and who looks at the topics that it has made already, is told so.
  int executions = 0;
  for (const auto& [answer, times] : answers) {
    const bool refused = answer == "apply.in-progress" || answer == "plan.stale" || answer == "change.not-approved";
    if (!refused) ++executions;
    EXPECT_FALSE(answer.starts_with("sql.")) << answer << " " << times;
  }
  EXPECT_EQ(executions, 1) << "the winner's, told again to whoever came after its end";
}

}  // namespace
}  // namespace sluice::test
