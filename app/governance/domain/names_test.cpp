#include "governance/domain/names.h"

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

TEST(Names, GlobsMatchTheWholeName) {
  EXPECT_TRUE(glob_matches("domain.*", "domain.x"));
  EXPECT_FALSE(glob_matches("domain.*", "prod.domain.x"));
  EXPECT_FALSE(glob_matches("domain.*", "domainx"));
  EXPECT_TRUE(glob_matches("*.dlq", "domain.x.dlq"));
  EXPECT_FALSE(glob_matches("*.dlq", "domain.x.dlq2"));
  EXPECT_TRUE(glob_matches("a*b*c", "a-b-b-c"));
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("user-activities", "user-activities"));
  EXPECT_FALSE(glob_matches("user-activities", "user-activities.dlq"));
  EXPECT_FALSE(glob_matches("**************************a", std::string(249, 'b')));
}

}  // namespace
}  // namespace sluice::governance::domain
