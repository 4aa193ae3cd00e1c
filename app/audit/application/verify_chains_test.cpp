#include "audit/application/verify_chains.h"

#include <gtest/gtest.h>

#include "audit/application/checkpointer.h"
#include "support/memory_chain.h"

namespace sluice::audit::application {
namespace {

using domain::FaultKind;

class VerifyChainsTest : public testing::Test {
 protected:
  // Grows by `count` and signs.
  void grow_signed(int count, const std::string& salt = "") {
    chains_.grow("prod", count, salt);
    clock_.advance(std::chrono::minutes{1});
    Checkpointer checkpointer(chains_, store_, test::sign_with_word, clock_);
    (void)checkpointer.run_once(soon());
  }
  ChainVerdict verify() {
    const Evidence evidence{store_, test::verify_with_word};
    const auto verdict = verify_chains(chains_, &evidence, soon());
    EXPECT_TRUE(verdict) << verdict.error().describe();
    EXPECT_EQ(verdict->chains.size(), 1U);
    return verdict->chains.at(0);
  }
  static Deadline soon() { return Deadline::after(std::chrono::seconds{5}); }

  test::MemoryChains chains_;
  test::MemoryCheckpoints store_;
  ManualClock clock_{TimePoint{std::chrono::seconds{1'790'000'000}}};
};

TEST_F(VerifyChainsTest, TheNewestCheckpointProvesAllBeforeIt) {
  for (int i = 0; i < 20; ++i) grow_signed(5);
  chains_.grow("prod", 3);
  store_.fetched = 0;
  const auto verdict = verify();
  EXPECT_FALSE(verdict.fault) << verdict.fault->message;
  EXPECT_EQ(verdict.records, 103);
  EXPECT_EQ(verdict.checkpoints, 20U);
  EXPECT_EQ(verdict.proven->head.seq, 100);
  EXPECT_EQ(store_.fetched, 1);
}

TEST_F(VerifyChainsTest, ARewrittenChainIsFoundWithThePlaceFromWhichItDiffers) {
  grow_signed(10);
  grow_signed(10);
  chains_.lose("prod", 12);
  chains_.grow("prod", 30, "!");
  const auto verdict = verify();
  ASSERT_TRUE(verdict.fault);
  EXPECT_EQ(verdict.fault->kind, FaultKind::kRewritten);
  EXPECT_EQ(verdict.fault->seq, 11) << verdict.fault->message;
}

TEST_F(VerifyChainsTest, TruncationPastACheckpointIsFoundAndBeforeItIsNot) {
  grow_signed(10);
  chains_.grow("prod", 5);
  chains_.lose("prod", 12);
  EXPECT_FALSE(verify().fault);
  chains_.lose("prod", 7);
  const auto verdict = verify();
  ASSERT_TRUE(verdict.fault);
  EXPECT_EQ(verdict.fault->kind, FaultKind::kTruncated);
  EXPECT_EQ(verdict.fault->seq, 8);
}

TEST_F(VerifyChainsTest, AWholeChainThatIsGoneIsFound) {
  grow_signed(4);
  chains_.chains.clear();
  const auto verdict = verify();
  ASSERT_TRUE(verdict.fault);
  EXPECT_EQ(verdict.fault->kind, FaultKind::kTruncated);
  EXPECT_EQ(verdict.fault->seq, 1);
}

// Design §4: after a failover verify reports a fork, not tampering. Whether the new branch is shorter
// or longer than what was signed, and also from an export, when the new branch was signed.
TEST_F(VerifyChainsTest, AFailoverThatLostItsTailIsAFork) {
  grow_signed(10);
  grow_signed(5);
  chains_.lose("prod", 12);
  chains_.life = "life/2";
  auto verdict = verify();
  ASSERT_TRUE(verdict.fault);
  EXPECT_EQ(verdict.fault->kind, FaultKind::kForked) << verdict.fault->message;
  EXPECT_EQ(verdict.fault->seq, 13);

  grow_signed(20, "!");
  verdict = verify();
  ASSERT_TRUE(verdict.fault);
  EXPECT_EQ(verdict.fault->kind, FaultKind::kForked) << verdict.fault->message;

  chains_.tells_origin = false;
  verdict = verify();
  ASSERT_TRUE(verdict.fault);
  EXPECT_EQ(verdict.fault->kind, FaultKind::kForked) << verdict.fault->message;
}

TEST_F(VerifyChainsTest, ACheckpointThatNobodySignedProvesNothing) {
  grow_signed(10);
  auto forged = store_.all.back();
  forged.checkpoint.head.hash = std::string(64, 'a');
  forged.checkpoint.head.seq = 5;
  store_.all.push_back(forged);
  auto verdict = verify();
  ASSERT_TRUE(verdict.fault);
  EXPECT_EQ(verdict.fault->kind, FaultKind::kCheckpoint);
  EXPECT_EQ(verdict.proven->head.seq, 10);

  store_.all = {store_.all.front()};
  store_.all.front().signature.bytes[0] ^= 1;
  verdict = verify();
  ASSERT_TRUE(verdict.fault);
  EXPECT_EQ(verdict.fault->kind, FaultKind::kCheckpoint);
  EXPECT_FALSE(verdict.proven);
}

TEST_F(VerifyChainsTest, AStoreThatIsAwayIsAnErrorAndNoVerdict) {
  grow_signed(1);
  store_.away = true;
  const Evidence evidence{store_, test::verify_with_word};
  EXPECT_EQ(verify_chains(chains_, &evidence, soon()).error().code, "objects.away");
}

}  // namespace
}  // namespace sluice::audit::application
