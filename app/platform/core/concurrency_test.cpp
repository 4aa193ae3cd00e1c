#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "platform/core/bounded_queue.h"
#include "platform/core/supervised_loop.h"

namespace sluice {
namespace {

using std::chrono::milliseconds;

TEST(BoundedQueue, RefusesWhenFullAndAfterClose) {
  BoundedQueue<int> queue(2);
  EXPECT_TRUE(queue.try_push(1));
  EXPECT_TRUE(queue.try_push(2));
  EXPECT_FALSE(queue.try_push(3));
  EXPECT_EQ(queue.pop(Deadline::after(milliseconds{0})), 1);
  queue.close();
  EXPECT_FALSE(queue.try_push(4));
  EXPECT_EQ(queue.pop(Deadline::after(milliseconds{0})), 2);
  EXPECT_EQ(queue.pop(Deadline::after(milliseconds{1000})), std::nullopt);
}

TEST(BoundedQueue, HandsEveryItemToExactlyOneConsumer) {
  constexpr int kItems = 20'000;
  BoundedQueue<int> queue(64);
  std::atomic<long> sum{0};
  std::vector<std::jthread> consumers;
  for (int i = 0; i < 4; ++i) {
    consumers.emplace_back([&] {
      while (auto item = queue.pop(Deadline::after(milliseconds{10'000}))) sum += *item;
    });
  }
  for (int i = 1; i <= kItems; ++i) {
    while (!queue.try_push(int{i})) std::this_thread::yield();
  }
  queue.close();
  consumers.clear();
  EXPECT_EQ(sum, static_cast<long>(kItems) * (kItems + 1) / 2);
}

TEST(Backoff, DoublesUpToTheMostAndJittersWithinHalf) {
  const Backoff backoff{milliseconds{100}, milliseconds{1000}};
  EXPECT_EQ(backoff.wait_after(1, 0.0), milliseconds{50});
  EXPECT_EQ(backoff.wait_after(1, 0.999), milliseconds{99});
  EXPECT_EQ(backoff.wait_after(3, 0.0), milliseconds{200});
  EXPECT_EQ(backoff.wait_after(1000, 0.0), milliseconds{500});
}

TEST(SupervisedLoop, RunsStepsReportsFailuresAndStops) {
  BoundedQueue<std::string> events(16);
  std::atomic<int> steps{0};
  SupervisedLoop loop(
      "test",
      [&](const std::stop_token&) -> Result<StepOutcome> {
        switch (++steps) {
          case 1: return StepOutcome{};
          case 2: return Error{ErrorKind::kUnavailable, "down", "down", "", {}};
          case 3: throw std::runtime_error("boom");
          default:
            (void)events.try_push("fourth step");
            return StepOutcome{std::chrono::hours{1}};
        }
      },
      [&](const Error& error, milliseconds) { (void)events.try_push(std::string(error.code)); },
      Backoff{milliseconds{1}, milliseconds{1}});
  const auto deadline = Deadline::after(milliseconds{10'000});
  EXPECT_EQ(events.pop(deadline), "down");
  EXPECT_EQ(events.pop(deadline), "loop.exception");
  EXPECT_EQ(events.pop(deadline), "fourth step");
  loop.wake();
  EXPECT_EQ(events.pop(deadline), "fourth step");
}  // the destructor ends the hour's wait

}  // namespace
}  // namespace sluice
