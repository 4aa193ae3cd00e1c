// What has been applied, asked for again: nothing is sent, and nothing becomes open that is done (G11, G30).
#include <gtest/gtest.h>

#include "support/apply_world.h"
#include "support/migrated_database.h"
#include "support/model_cluster.h"

namespace sluice::test {
namespace {

template <typename Kind>
class AppliedAgain : public testing::Test {
 protected:
  AppliedAgain() {
    cluster_.change([](model::Broker& broker) {
      broker.create({{TopicName{"dev.grown"}, 2, 1, {}}, {TopicName{"dev.old"}, 1, 1, {}}}, model::ForReal::kYes);
    });
  }

  // Where the change is then.
  std::string plan(const std::vector<governance::domain::TopicItem>& items) {
    const auto kept = world_.planner().dry_run(
        {governance::domain::EnvironmentName{"dev"}, governance::domain::ChangeId{"c1"}, items}, kim(), ApplyWorld::soon());
    EXPECT_TRUE(kept) << kept.error().describe();
    return world_.change_state("c1");
  }

  using TopicName = governance::domain::TopicName;
  MigratedDatabase<Kind::kDialect> database_;
  ModelCluster cluster_;
  ApplyWorld world_{database_.database(), cluster_, cluster_};
};
template <sql::Dialect dialect>
struct On {
  static constexpr sql::Dialect kDialect = dialect;
};
using Databases = testing::Types<On<sql::Dialect::kPostgres>, On<sql::Dialect::kSqlite>>;
TYPED_TEST_SUITE(AppliedAgain, Databases);

TYPED_TEST(AppliedAgain, SendsNothingAndAnswersTheSame) {
  auto& world = this->world_;
  const auto approved = world.approve("c1", {deletion("dev.old"), upsert("dev.grown", 4), upsert("dev.new")});
  const auto first = world.apply(approved);
  ASSERT_TRUE(first);
  const auto requests = this->cluster_.mutating_requests();
  const auto reads = this->cluster_.other_requests();
  const auto second = world.apply(approved);
  ASSERT_TRUE(second);
  EXPECT_EQ(this->cluster_.mutating_requests(), requests);
  EXPECT_EQ(this->cluster_.other_requests(), reads);
  EXPECT_EQ(second->id, first->id);
  EXPECT_EQ(told(*second), told(*first));
  EXPECT_EQ(second->finished_at, first->finished_at);
}

// A pipeline that is run again plans what it has applied.
TYPED_TEST(AppliedAgain, PlannedWithNothingLeftItStaysApplied) {
  auto& world = this->world_;
  const std::vector<governance::domain::TopicItem> items{upsert("dev.new"), upsert("dev.grown", 4)};
  const auto approved = world.approve("c1", items);
  const auto first = world.apply(approved);
  ASSERT_TRUE(first) << first.error().describe();
  EXPECT_EQ(this->plan(items), "APPLIED");
  EXPECT_EQ(told(world.apply(approved).value()), told(*first));
  EXPECT_EQ(this->plan({upsert("dev.new")}), "PLANNED") << "another batch";
}

// Nothing that could be done is not nothing left to do.
TYPED_TEST(AppliedAgain, PlannedWithItsTopicGoneItIsPlanned) {
  auto update = upsert("dev.grown", 4);
  update.action = governance::domain::ItemAction::kUpdate;
  ASSERT_TRUE(this->world_.apply(this->world_.approve("c1", {update})));
  EXPECT_EQ(this->plan({update}), "APPLIED");
  this->cluster_.change([&](model::Broker& broker) { broker.remove(governance::domain::TopicName{"dev.grown"}); });
  EXPECT_EQ(this->plan({update}), "PLANNED");
}

TYPED_TEST(AppliedAgain, PlannedWithSomethingLeftItIsPlanned) {
  const std::vector<governance::domain::TopicItem> items{upsert("dev.grown", 4, {{"retention.ms", "1d"}})};
  ASSERT_TRUE(this->world_.apply(this->world_.approve("c1", items)));
  this->cluster_.change([&](model::Broker& broker) {
    broker.topics().at(governance::domain::TopicName{"dev.grown"}).configs["retention.ms"] = "5";
  });
  EXPECT_EQ(this->plan(items), "PLANNED");
}

}  // namespace
}  // namespace sluice::test
