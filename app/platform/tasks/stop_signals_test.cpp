#include "platform/tasks/stop_signals.h"

#include <gtest/gtest.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>

namespace sluice::tasks {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(StopSignals, TurnASignalIntoARequest) {
  StopSignals signals(hours{1});
  EXPECT_FALSE(signals.wait_for_stop(Deadline::after(milliseconds{0})));
  EXPECT_EQ(signals.reason(), "");
  ::kill(::getpid(), SIGTERM);
  EXPECT_TRUE(signals.wait_for_stop(Deadline::after(seconds{20})));
  EXPECT_EQ(signals.reason(), "SIGTERM");
}

TEST(StopSignals, KeepTheFirstReason) {
  StopSignals signals(hours{1});
  signals.request_stop("the schema is too new");
  signals.request_stop("another");
  EXPECT_TRUE(signals.wait_for_stop(Deadline::after(milliseconds{0})));
  EXPECT_EQ(signals.reason(), "the schema is too new");
}

TEST(StopSignals, IgnoreABrokenPipe) {
  StopSignals signals(hours{1});
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ::close(ends[0]);
  EXPECT_EQ(::write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  ::close(ends[1]);
}

// In a process of its own, which the watcher ends: main waits for ever.
[[noreturn]] void hang() {
  for (;;) ::pause();
}

TEST(StopSignalsDeathTest, ExitAtOnceOnASecondSignal) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        StopSignals signals(hours{1});
        ::kill(::getpid(), SIGTERM);
        signals.wait_for_stop(Deadline::after(seconds{20}));
        ::kill(::getpid(), SIGINT);
        hang();
      },
      testing::ExitedWithCode(128 + SIGINT), "second signal");
}

TEST(StopSignalsDeathTest, ExitWhenStoppingTakesTooLong) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        StopSignals signals(milliseconds{1});
        signals.request_stop("test");
        hang();
      },
      testing::ExitedWithCode(1), "did not stop in time");
}

}  // namespace
}  // namespace sluice::tasks
