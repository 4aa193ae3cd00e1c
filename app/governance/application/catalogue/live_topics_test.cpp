// One question at a time, remembered for two seconds and forgotten with every change (G8).
#include "governance/application/catalogue/live_topics.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "governance/application/catalogue/forgetting_writer.h"
#include "support/model_cluster.h"

namespace sluice::governance::application {
namespace {

using domain::TopicName;

Deadline soon() { return Deadline::after(std::chrono::seconds{30}); }

class LiveTopicsTest : public testing::Test {
 protected:
  LiveTopicsTest() {
    environment_.name = domain::EnvironmentName{"dev"};
    environment_.cluster = &cluster_;
    cluster_.before_each_call([this](test::ModelCall call) {
      if (call != test::ModelCall::kDescribe) return;
      ++reads_;
      if (const auto once = std::exchange(during_read_, nullptr)) once();
    });
  }
  void make(const std::string& name) {
    const domain::CreateProbe probe{TopicName{name}, 1, 1, {}};
    ASSERT_EQ(writer_.create(std::span(&probe, 1), soon())[0].outcome, domain::CallOutcome::kDone);
  }
  void remove(const std::string& name) {
    const TopicName topic{name};
    ASSERT_EQ(writer_.remove(std::span(&topic, 1), soon())[0].outcome, domain::CallOutcome::kDone);
  }
  bool there(const std::string& name) {
    const auto seen = topics_.find(environment_, TopicName{name}, soon());
    EXPECT_TRUE(seen) << seen.error().describe();
    return seen && (*seen)->details.has_value();
  }

  ManualClock clock_{TimePoint{std::chrono::seconds{1'700'000'000}}};
  test::ModelCluster cluster_;
  GovernedEnvironment environment_;
  LiveTopics topics_{clock_};
  ForgettingWriter writer_{cluster_, topics_, cluster_};
  std::atomic<int> reads_{0};
  std::function<void()> during_read_;  // once
};

TEST_F(LiveTopicsTest, AsksOnceInTwoSeconds) {
  make("dev.a");
  EXPECT_TRUE(there("dev.a"));
  EXPECT_TRUE(there("dev.a"));
  EXPECT_EQ(reads_, 1);
  clock_.advance(LiveTopics::kMaxAge - std::chrono::milliseconds{1});
  EXPECT_TRUE(there("dev.a"));
  EXPECT_EQ(reads_, 1);
  clock_.advance(std::chrono::milliseconds{1});
  EXPECT_TRUE(there("dev.a"));
  EXPECT_EQ(reads_, 2);
  clock_.set(TimePoint{std::chrono::seconds{1}});  // what was read in the future is not trusted
  EXPECT_TRUE(there("dev.a"));
  EXPECT_EQ(reads_, 3);
}

TEST_F(LiveTopicsTest, RemembersWhatIsNotThere) {
  EXPECT_FALSE(there("dev.none"));
  EXPECT_FALSE(there("dev.none"));
  EXPECT_EQ(reads_, 1);
}

TEST_F(LiveTopicsTest, ForgetsWhatSluiceChanges) {
  EXPECT_FALSE(there("dev.a"));
  make("dev.a");
  EXPECT_TRUE(there("dev.a"));
  remove("dev.a");
  EXPECT_FALSE(there("dev.a"));
}

TEST_F(LiveTopicsTest, DoesNotRememberAReadThatAChangeOvertook) {
  during_read_ = [this] {
    const TopicName other{"dev.other"};
    topics_.forget(cluster_, std::span(&other, 1));
  };
  EXPECT_FALSE(there("dev.a"));
  EXPECT_FALSE(there("dev.a"));
  EXPECT_EQ(reads_, 2);
}

TEST_F(LiveTopicsTest, DoesNotRememberAFailure) {
  bool away = true;
  cluster_.inject([&](test::ModelCall call, const TopicName*) {
    return away && call == test::ModelCall::kDescribe ? test::Fault::kNotSent : test::Fault::kNone;
  });
  EXPECT_FALSE(topics_.find(environment_, TopicName{"dev.a"}, soon()));
  away = false;
  EXPECT_FALSE(there("dev.a"));
}

TEST_F(LiveTopicsTest, HoldsNoMoreThanItsBound) {
  for (std::size_t i = 0; i < LiveTopics::kMostTopics + 1; ++i) EXPECT_FALSE(there(fmt::format("dev.t{}", i)));
  const int before = reads_;
  EXPECT_FALSE(there(fmt::format("dev.t{}", LiveTopics::kMostTopics)));
  EXPECT_EQ(reads_, before);
  EXPECT_FALSE(there("dev.t0"));  // made room
  EXPECT_EQ(reads_, before + 1);
}

// Whoever asks while a read is under way is answered by one read more, however many they are.
TEST_F(LiveTopicsTest, AsksOneQuestionAtATimeForAll) {
  constexpr int kAskers = 8;
  make("dev.a");
  std::atomic<int> asking{0};
  std::vector<std::thread> askers;
  during_read_ = [&] {
    for (int i = 0; i < kAskers; ++i) {
      askers.emplace_back([&, i] {
        ++asking;
        EXPECT_FALSE(there(fmt::format("dev.none{}", i)));
      });
    }
    while (asking < kAskers) std::this_thread::yield();
  };
  EXPECT_TRUE(there("dev.a"));
  for (std::thread& asker : askers) asker.join();
  EXPECT_LE(reads_, 1 + kAskers);
  for (int i = 0; i < kAskers; ++i) EXPECT_FALSE(there(fmt::format("dev.none{}", i)));
  EXPECT_LE(reads_, 1 + kAskers);
}

TEST_F(LiveTopicsTest, GivesUpAtItsDeadlineWhileAnotherReads) {
  during_read_ = [&] {
    const auto late = topics_.find(environment_, TopicName{"dev.b"}, Deadline::after(std::chrono::milliseconds{5}));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, "topic.not-read");
    EXPECT_EQ(late.error().kind, ErrorKind::kTimeout);
  };
  EXPECT_FALSE(there("dev.a"));
  EXPECT_FALSE(there("dev.b"));
}

}  // namespace
}  // namespace sluice::governance::application
