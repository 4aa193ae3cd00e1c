#include "platform/tasks/lifecycle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::tasks {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct OrderCase {
  std::string_view name;
  std::vector<std::string> failing;  // "start b", "stop a"
  std::string_view
      events;  // what components saw: +a started, !a failed to; -a stopped, ~a failed to
  std::string_view start_error;
  std::string_view stop_error;
};

class LifecycleOrder : public testing::TestWithParam<OrderCase> {};

TEST_P(LifecycleOrder, IsKept) {
  const auto& wanted = GetParam();
  std::string events;
  const auto step = [&](std::string action, std::string good, std::string bad) {
    return [&, action, good, bad](Deadline) -> Status {
      const bool fails =
          std::find(wanted.failing.begin(), wanted.failing.end(), action) != wanted.failing.end();
      events += (events.empty() ? "" : " ") + (fails ? bad : good);
      return fails ? Status(Error{ErrorKind::kUnavailable, action, "", "", {}}) : Status();
    };
  };
  Lifecycle lifecycle([](const LifecycleEvent&) {});
  for (const std::string name : {"a", "b", "c"}) {
    lifecycle.add({name, step("start " + name, "+" + name, "!" + name),
                   step("stop " + name, "-" + name, "~" + name)});
  }
  const auto code = [](const Status& status) {
    return status ? std::string("ok") : status.error().code;
  };
  EXPECT_EQ(code(lifecycle.start(Deadline::after(seconds{5}))), wanted.start_error);
  EXPECT_EQ(code(lifecycle.stop(Deadline::after(seconds{5}))), wanted.stop_error);
  EXPECT_EQ(code(lifecycle.stop(Deadline::after(seconds{5}))), "ok") << "twice is fine";
  EXPECT_EQ(events, wanted.events);
}

INSTANTIATE_TEST_SUITE_P(
    Table, LifecycleOrder,
    testing::Values(
        OrderCase{"all_well", {}, "+a +b +c -c -b -a", "ok", "ok"},
        OrderCase{"first_fails", {"start a"}, "!a", "start a", "ok"},
        OrderCase{"second_fails", {"start b"}, "+a !b -a", "start b", "ok"},
        OrderCase{"last_fails", {"start c"}, "+a +b !c -b -a", "start c", "ok"},
        OrderCase{"undo_fails", {"start c", "stop b"}, "+a +b !c ~b -a", "start c", "ok"},
        OrderCase{"stop_fails", {"stop b"}, "+a +b +c -c ~b -a", "ok", "stop b"},
        OrderCase{
            "all_stops_fail", {"stop a", "stop b", "stop c"}, "+a +b +c ~c ~b ~a", "ok", "stop c"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Lifecycle, TellsTheObserverEveryPhase) {
  std::vector<std::string> seen;
  Lifecycle lifecycle([&](const LifecycleEvent& event) {
    seen.push_back(event.component + " " + std::string(to_string(event.phase)) +
                   (event.error ? ": " + event.error->message : ""));
  });
  lifecycle.add({"pool", nullptr, [](Deadline) -> Status {
                   return Error{ErrorKind::kTimeout, "x", "hangs", "", {}};
                 }});
  lifecycle.add({"http",
                 [](Deadline) -> Status {
                   return Error{ErrorKind::kConflict, "x", "taken", "", {}};
                 },
                 nullptr});
  EXPECT_FALSE(lifecycle.start(Deadline::after(seconds{5})));
  EXPECT_THAT(seen, testing::ElementsAre("pool starting", "pool started", "http starting",
                                         "http start-failed: taken", "pool stopping",
                                         "pool stop-failed: hangs"));
}

TEST(Lifecycle, GivesEachComponentItsShareOfTheTimeAndNoMoreThanIsLeft) {
  std::vector<milliseconds> left;
  const auto note = [&](Deadline deadline) {
    left.push_back(deadline.remaining());
    return Status();
  };
  Lifecycle lifecycle([](const LifecycleEvent&) {});
  lifecycle.add({"long", nullptr, note, seconds{3600}});
  lifecycle.add({"short", nullptr, note, seconds{20}});
  ASSERT_TRUE(lifecycle.start(Deadline::after(seconds{5})));
  ASSERT_TRUE(lifecycle.stop(Deadline::after(seconds{600})));
  ASSERT_EQ(left.size(), 2U);
  EXPECT_LE(left[0], seconds{20});
  EXPECT_LE(left[1], seconds{600});
  EXPECT_GT(left[1], seconds{20});
}

TEST(Lifecycle, StopsTheRestAlsoWhenTheTimeIsOver) {
  int stopped = 0;
  const auto stop = [&](Deadline deadline) {
    EXPECT_TRUE(deadline.expired());
    ++stopped;
    return Status();
  };
  Lifecycle lifecycle([](const LifecycleEvent&) {});
  lifecycle.add({"a", nullptr, stop});
  lifecycle.add({"b", nullptr, stop});
  ASSERT_TRUE(lifecycle.start(Deadline::after(seconds{5})));
  ASSERT_TRUE(lifecycle.stop(Deadline::after(milliseconds{0})));
  EXPECT_EQ(stopped, 2);
}

}  // namespace
}  // namespace sluice::tasks
