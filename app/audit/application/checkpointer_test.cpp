#include "audit/application/checkpointer.h"

#include <gtest/gtest.h>

#include "support/memory_chain.h"

namespace sluice::audit::application {
namespace {

class CheckpointerTest : public testing::Test {
 protected:
  Checkpointer checkpointer() { return {chains_, store_, test::sign_with_word, clock_}; }
  static Deadline soon() { return Deadline::after(std::chrono::seconds{5}); }

  test::MemoryChains chains_;
  test::MemoryCheckpoints store_;
  ManualClock clock_{TimePoint{std::chrono::seconds{1'790'000'000}}};
};

TEST_F(CheckpointerTest, SignsEachChainThatHasMoved) {
  chains_.grow("prod", 3);
  chains_.grow("dev", 1);
  auto checkpointer = this->checkpointer();
  EXPECT_EQ(checkpointer.run_once(soon()).value(), 2);
  EXPECT_EQ(checkpointer.run_once(soon()).value(), 0);
  chains_.grow("prod", 1);
  EXPECT_EQ(checkpointer.run_once(soon()).value(), 1);
  ASSERT_EQ(store_.all.size(), 3U);
  const auto& newest = store_.all.back();
  EXPECT_EQ(newest.checkpoint.head.seq, 4);
  EXPECT_EQ(newest.checkpoint.origin, "life/1");
  EXPECT_TRUE(test::verify_with_word(domain::statement_of(newest.checkpoint), newest.signature));
}

TEST_F(CheckpointerTest, AnotherProcessGoesOnFromTheStore) {
  chains_.grow("prod", 3'000);
  EXPECT_EQ(checkpointer().run_once(soon()).value(), 1);
  EXPECT_EQ(checkpointer().run_once(soon()).value(), 0);
  chains_.grow("prod", 700);
  EXPECT_EQ(checkpointer().run_once(soon()).value(), 1);
}

TEST_F(CheckpointerTest, SignsNothingOnTopOfWhatContradictsItsLastWord) {
  chains_.grow("prod", 10);
  chains_.grow("dev", 1);
  ASSERT_TRUE(checkpointer().run_once(soon()));
  chains_.chains.clear();
  chains_.grow("prod", 12, "!");
  chains_.grow("dev", 2);
  const auto refused = checkpointer().run_once(soon());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "audit.chain-broken");
  EXPECT_EQ(std::count_if(store_.all.begin(), store_.all.end(),
                          [](const auto& one) { return one.checkpoint.head.environment == "prod"; }),
            1);
  chains_.life = "life/2";  // a standby took over: the tail is known to be lost
  EXPECT_TRUE(checkpointer().run_once(soon()));
}

// A tail is gone and the new one has not grown as far as the old one was signed.
TEST_F(CheckpointerTest, ATruncatedChainContradictsToo) {
  chains_.grow("prod", 10);
  ASSERT_TRUE(checkpointer().run_once(soon()));
  chains_.lose("prod", 6);
  EXPECT_EQ(checkpointer().run_once(soon()).error().code, "audit.chain-broken");
}

TEST_F(CheckpointerTest, ItsAgeGrowsWhileNothingCanBeWritten) {
  chains_.grow("prod", 1);
  auto checkpointer = this->checkpointer();
  store_.away = true;
  clock_.advance(std::chrono::seconds{90});
  EXPECT_FALSE(checkpointer.run_once(soon()));
  EXPECT_EQ(checkpointer.age(), std::chrono::seconds{90});
  store_.away = false;
  EXPECT_TRUE(checkpointer.run_once(soon()));
  EXPECT_EQ(checkpointer.age(), std::chrono::seconds{0});
}

}  // namespace
}  // namespace sluice::audit::application
