// Policies change while an approved plan waits, and another process is the one that changes them (G14).
#include <gtest/gtest.h>

#include "support/apply_world.h"
#include "support/migrated_database.h"
#include "support/model_cluster.h"

namespace sluice::test {
namespace {

// This process has not looked since it planned, and must not go by what it saw last.
TEST(FreshPolicies, AnApplyGoesByThoseInForce) {
  MigratedDatabase<sql::Dialect::kSqlite> database;
  ModelCluster cluster;
  ApplyWorld world(database.database(), cluster, cluster);
  const auto approved = world.approve("c1", {upsert("dev.new")});
  auto read_only = ApplyWorld::some_policies();
  read_only.modes = {{governance::domain::Mode::kReadOnly, {{}, {"dev.*"}, {}}, {}}};
  world.shelf().put(read_only);
  const auto held = world.apply(approved);
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().code, "mode.read-only");
  auto others = ApplyWorld::some_policies();
  others.digest = "policies-3";
  world.shelf().put(others);
  const auto changed = world.apply(approved);
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, "plan.policies-changed");
  world.shelf().put(ApplyWorld::some_policies());
  EXPECT_EQ(told(world.apply(approved).value()), "dev.new DONE");
}

}  // namespace
}  // namespace sluice::test
