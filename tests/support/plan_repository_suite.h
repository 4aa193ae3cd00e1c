// What every PlanRepository promises, run on the fake and on real databases. The fixture gives a
// fresh repository: `std::unique_ptr<PlanRepository> Store::repository()`.
#pragma once

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "governance/domain/repository/plan_repository.h"

namespace sluice::test {

inline governance::domain::NewPlan a_plan(const std::string& change, std::int64_t at_ms,
                                          const std::string& digest = "d") {
  return {governance::domain::ChangeId{change}, governance::domain::EnvironmentName{"prod"}, {"kim", "Kim@example.com", "Ops@example.com", "t1"}, digest,
          R"({"z": 1,  "a": "안녕 → \"x\""})", TimePoint{std::chrono::milliseconds{at_ms}}};
}

template <typename Store>
class PlanRepositorySuite : public testing::Test {
 protected:
  Store store_;
};
TYPED_TEST_SUITE_P(PlanRepositorySuite);

TYPED_TEST_P(PlanRepositorySuite, CountsRevisionsUpFromOneForEachChange) {
  auto& plans = this->store_.repository();
  EXPECT_EQ(plans.append(a_plan("c1", 1)).value(), 1);
  EXPECT_EQ(plans.append(a_plan("c1", 2)).value(), 2);
  EXPECT_EQ(plans.append(a_plan("c2", 3)).value(), 1);
}

TYPED_TEST_P(PlanRepositorySuite, FindsTheNewestOrTheRevisionAskedForByteForByte) {
  auto& plans = this->store_.repository();
  const governance::domain::ChangeId change{"c1"};
  ASSERT_TRUE(plans.append(a_plan("c1", 1'700'000'000'001, "first")));
  ASSERT_TRUE(plans.append(a_plan("c1", 1'700'000'000'002, "second")));
  const auto newest = plans.find(change, std::nullopt).value();
  ASSERT_TRUE(newest);
  EXPECT_EQ(newest->revision, 2);
  EXPECT_EQ(newest->digest, "second");
  EXPECT_EQ(newest->document, a_plan("c1", 0).document);
  EXPECT_EQ(newest->environment.str(), "prod");
  EXPECT_EQ(newest->requester.id, "kim");
  EXPECT_EQ(newest->created_at, TimePoint{std::chrono::milliseconds{1'700'000'000'002}});
  EXPECT_EQ(plans.find(change, 1).value()->digest, "first");
  EXPECT_FALSE(plans.find(change, 3).value());
  EXPECT_FALSE(plans.find(governance::domain::ChangeId{"C1"}, std::nullopt).value());
}

TYPED_TEST_P(PlanRepositorySuite, DropsOnlyChangesWhoseNewestPlanIsOld) {
  auto& plans = this->store_.repository();
  ASSERT_TRUE(plans.append(a_plan("old", 1)));
  ASSERT_TRUE(plans.append(a_plan("old", 2)));
  ASSERT_TRUE(plans.append(a_plan("kept", 1)));
  ASSERT_TRUE(plans.append(a_plan("kept", 100)));
  EXPECT_EQ(plans.drop_older_than(TimePoint{std::chrono::milliseconds{50}}).value(), 2);
  EXPECT_FALSE(plans.find(governance::domain::ChangeId{"old"}, std::nullopt).value());
  EXPECT_TRUE(plans.find(governance::domain::ChangeId{"kept"}, 1).value());
}

TYPED_TEST_P(PlanRepositorySuite, GivesConcurrentPlansOfOneChangeDifferentRevisions) {
  auto& plans = this->store_.repository();
  constexpr int kThreads = 8;
  std::vector<std::int64_t> revisions(kThreads);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] { revisions[i] = plans.append(a_plan("c1", 1)).value_or(-1); });
    }
  }
  EXPECT_EQ(std::set<std::int64_t>(revisions.begin(), revisions.end()),
            (std::set<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8}));
}

REGISTER_TYPED_TEST_SUITE_P(PlanRepositorySuite, CountsRevisionsUpFromOneForEachChange,
                            FindsTheNewestOrTheRevisionAskedForByteForByte,
                            DropsOnlyChangesWhoseNewestPlanIsOld,
                            GivesConcurrentPlansOfOneChangeDifferentRevisions);

}  // namespace sluice::test
