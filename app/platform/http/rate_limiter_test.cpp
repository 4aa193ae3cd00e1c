#include "platform/http/rate_limiter.h"

#include <gtest/gtest.h>

namespace sluice::http {
namespace {

using namespace std::chrono_literals;
const RateLimiter::Time kStart{std::chrono::hours{1}};

TEST(RateLimiter, AllowsMaxInAWindowAndSaysWhenItOpensAgain) {
  RateLimiter limiter({3, 10s});
  for (std::uint32_t left : {2U, 1U, 0U}) EXPECT_EQ(limiter.take("kim", kStart + 1s).remaining, left);
  const auto refused = limiter.take("kim", kStart + 4s);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_after, 7s);
  EXPECT_FALSE(limiter.take("kim", kStart + 1s + 10s - 1ms).allowed);
  EXPECT_TRUE(limiter.take("kim", kStart + 4s + refused.retry_after).allowed);
}

TEST(RateLimiter, LookingCountsNothing) {
  RateLimiter limiter({1, 100ms});
  const auto start = RateLimiter::Time{};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limiter.look("kim", start).allowed);
  EXPECT_TRUE(limiter.take("kim", start).allowed);
  EXPECT_FALSE(limiter.look("kim", start).allowed);
  EXPECT_EQ(limiter.look("kim", start).retry_after, 100ms);
  EXPECT_TRUE(limiter.look("kim", start + 100ms).allowed);
}

TEST(RateLimiter, KeysDoNotShare) {
  RateLimiter limiter({1, 10s});
  EXPECT_TRUE(limiter.take("kim", kStart).allowed);
  EXPECT_TRUE(limiter.take("lee", kStart).allowed);
  EXPECT_FALSE(limiter.take("kim", kStart).allowed);
}

TEST(RateLimiter, FloodOfKeysShareAWindowAndResetNobody) {
  RateLimiter limiter({1, 10s, 16});
  EXPECT_TRUE(limiter.take("kim", kStart).allowed);
  int allowed = 0;
  for (int i = 0; i < 10'000; ++i) allowed += limiter.take("key" + std::to_string(i), kStart + 1s).allowed ? 1 : 0;
  EXPECT_LE(allowed, 32);
  EXPECT_FALSE(limiter.take("kim", kStart + 1s).allowed);
  EXPECT_TRUE(limiter.take("new", kStart + 12s).allowed) << "closed windows make room";
}

}  // namespace
}  // namespace sluice::http
