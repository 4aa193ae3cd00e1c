#include "governance/domain/topic/names.h"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::governance::domain {
namespace {

const std::vector<EnvironmentName> kEnvironments{EnvironmentName("dev"), EnvironmentName("prod")};

TEST(Names, TakesOnlyAKnownEnvironmentForAPrefix) {
  EXPECT_EQ(environment_prefix("prod.orders", kEnvironments), "prod");
  EXPECT_EQ(environment_prefix("production.orders", kEnvironments), "");
  EXPECT_EQ(environment_prefix("prod", kEnvironments), "");
  EXPECT_EQ(environment_prefix("domain.x", kEnvironments), "");
  EXPECT_EQ(without_environment("prod.tmp.x", kEnvironments), "tmp.x");
  EXPECT_EQ(without_environment("tmp.x", kEnvironments), "tmp.x");
}

TEST(Names, FoldsAsKafkaDoes) { EXPECT_EQ(folded("a.b_c-d"), "a_b_c-d"); }

}  // namespace
}  // namespace sluice::governance::domain
