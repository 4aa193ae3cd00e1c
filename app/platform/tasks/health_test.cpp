#include "platform/tasks/health.h"

#include <gtest/gtest.h>

#include <latch>

#include "platform/core/bounded_queue.h"

namespace sluice::tasks {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint kStart{seconds{1'700'000'000}};

Status down() {
  return Error{ErrorKind::kUnavailable, "pg.down", "The server refuses.", "Start it.", {}};
}

class HealthCheckTest : public testing::Test {
 protected:
  ManualClock clock_{kStart};
  Status answer_;
  HealthCheck check_{{"postgres", Need::kRequired, [this](Deadline) { return answer_; }}, clock_};
};

TEST_F(HealthCheckTest, IsUnknownUntilTheFirstAnswer) {
  EXPECT_EQ(check_.state().status, CheckStatus::kUnknown);
  EXPECT_EQ(check_.state().since, kStart);
  EXPECT_EQ(check_.state().last_checked_at, std::nullopt);
}

TEST_F(HealthCheckTest, TellsWhatFailsHowToMendItAndSinceWhen) {
  answer_ = down();
  clock_.advance(seconds{1});
  ASSERT_TRUE(check_.run_once().has_value());
  clock_.advance(seconds{10});
  EXPECT_FALSE(check_.run_once().has_value()) << "nothing changed";
  const CheckState expected{
      "postgres",  Need::kRequired,     CheckStatus::kFailing, "The server refuses.",
      "Start it.", kStart + seconds{1}, kStart + seconds{11}};
  EXPECT_EQ(check_.state(), expected);
}

TEST_F(HealthCheckTest, RecoversAndForgetsTheMessage) {
  answer_ = down();
  check_.run_once();
  clock_.advance(seconds{5});
  answer_ = {};
  EXPECT_EQ(check_.run_once()->status, CheckStatus::kOk);
  EXPECT_EQ(check_.state().message, "");
  EXPECT_EQ(check_.state().fix, "");
  EXPECT_EQ(check_.state().since, kStart + seconds{5});
}

TEST(HealthCheck, ShowsNoAnswerOnceItsDeadlineHasPassed) {
  ManualClock clock(kStart);
  std::latch running(1);
  std::latch release(1);
  int look = 0;
  HealthCheck check({"postgres", Need::kRequired,
                     [&](Deadline) {
                       if (++look == 1) return Status();
                       running.count_down();
                       release.wait();
                       return Status();
                     },
                     seconds{2}},
                    clock);
  check.run_once();
  clock.advance(seconds{5});
  {
    std::jthread hung([&] { check.run_once(); });
    running.wait();
    clock.advance(seconds{2});
    EXPECT_EQ(check.state().status, CheckStatus::kOk) << "still within its deadline";
    clock.advance(milliseconds{1});
    const auto state = check.state();
    EXPECT_EQ(state.status, CheckStatus::kNoAnswer);
    EXPECT_EQ(state.message, "no answer since 2023-11-14T22:13:25.000Z");
    EXPECT_EQ(state.since, kStart + seconds{5});
    EXPECT_EQ(state.last_checked_at, kStart);
    release.count_down();
  }
  EXPECT_EQ(check.state().status, CheckStatus::kOk);
}

// A hung check must not keep the others, or whoever asks, from their answer.
TEST(Health, AnswersWhileOneCheckHangs) {
  ManualClock clock(kStart);
  std::latch running(1);
  std::latch release(1);
  BoundedQueue<std::string> changes(16);
  Health health(clock,
                [&](const CheckState& state) { (void)changes.try_push(std::string(state.name)); });
  health.add({"postgres", Need::kRequired,
              [&](Deadline) {
                running.count_down();
                release.wait();
                return Status();
              },
              seconds{2}, std::chrono::hours{1}});
  health.add({"kafka", Need::kRequired, [](Deadline) { return Status(); }, seconds{2},
              std::chrono::hours{1}});
  health.accept_work();
  health.start();
  running.wait();
  EXPECT_EQ(changes.pop(Deadline::after(seconds{20})), "kafka");
  clock.advance(seconds{3});
  const auto report = health.snapshot();
  EXPECT_FALSE(report.ready);
  ASSERT_EQ(report.checks.size(), 3U);
  EXPECT_EQ(report.checks[1].status, CheckStatus::kNoAnswer);
  EXPECT_EQ(report.checks[2].status, CheckStatus::kOk);
  release.count_down();
  EXPECT_EQ(changes.pop(Deadline::after(seconds{20})), "postgres");
  EXPECT_TRUE(health.snapshot().ready);
}

struct ReadyCase {
  const char* name;
  bool accepts_work;
  Need need;
  bool check_ok;
  bool ready;
};

TEST(Health, IsReadyWhenItAcceptsWorkAndEveryRequiredCheckIsOk) {
  const ReadyCase cases[] = {
      {"all well", true, Need::kRequired, true, true},
      {"starting", false, Need::kRequired, true, false},
      {"required fails", true, Need::kRequired, false, false},
      {"optional fails", true, Need::kOptional, false, true},
  };
  for (const auto& c : cases) {
    ManualClock clock(kStart);
    BoundedQueue<std::string> changes(4);
    Health health(
        clock, [&](const CheckState& state) { (void)changes.try_push(std::string(state.name)); });
    health.add({"dependency", c.need, [&](Deadline) { return c.check_ok ? Status() : down(); },
                seconds{2}, std::chrono::hours{1}});
    EXPECT_FALSE(health.snapshot().ready) << c.name;
    if (c.accepts_work) health.accept_work();
    health.start();
    ASSERT_TRUE(changes.pop(Deadline::after(seconds{20})));
    EXPECT_EQ(health.snapshot().ready, c.ready) << c.name;
    health.stop();
    health.refuse_work("is stopping");
    EXPECT_FALSE(health.snapshot().ready) << c.name;
  }
}

TEST(Health, WritesTheBodyOfTheReadinessEndpoint) {
  HealthReport report;
  report.checks = {
      {"process", Need::kRequired, CheckStatus::kOk, "", "", kStart, kStart},
      {"kafka", Need::kOptional, CheckStatus::kUnknown, "not checked yet", "", kStart, {}}};
  EXPECT_EQ(
      report.to_json().dump(),
      R"({"status":"not-ready","checks":[)"
      R"({"name":"process","required":true,"status":"ok","message":"","fix":"",)"
      R"("since":"2023-11-14T22:13:20.000Z","lastCheckedAt":"2023-11-14T22:13:20.000Z"},)"
      R"({"name":"kafka","required":false,"status":"unknown","message":"not checked yet","fix":"",)"
      R"("since":"2023-11-14T22:13:20.000Z"}]})");
}

}  // namespace
}  // namespace sluice::tasks
