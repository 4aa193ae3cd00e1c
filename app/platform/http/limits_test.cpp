#include "platform/http/limits.h"

#include <gtest/gtest.h>

namespace sluice::http::limits {
namespace {

// The documented defaults: changing one is a change users see.
TEST(Limits, AreWhatTheGuideSays) {
  EXPECT_EQ(kHeadBytes, 32U * 1024);
  EXPECT_EQ(kHeaderFields, 100U);
  EXPECT_EQ(kTargetBytes, 8U * 1024);
  EXPECT_EQ(kRequestIdBytes, 128U);
  EXPECT_EQ(kJsonBytes, 1024U * 1024);
  EXPECT_EQ(kSchemaBatchBytes, 16U * 1024 * 1024);
  EXPECT_EQ(kMultipartBytes, 16U * 1024 * 1024);
  EXPECT_EQ(kHeaderDeadline.count(), 10'000);
  EXPECT_EQ(kBodyDeadline.count(), 30'000);
  EXPECT_EQ(kClientConnectDeadline.count(), 2'000);
}

}  // namespace
}  // namespace sluice::http::limits
