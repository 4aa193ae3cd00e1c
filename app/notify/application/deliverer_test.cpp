#include "notify/application/deliverer.h"

#include <gtest/gtest.h>

#include "notify/application/memory_delivery_store.h"
#include "notify/application/queue_keeper.h"

namespace sluice::notify::application {
namespace {

using domain::DeliveryState;
using domain::SendOutcome;
using std::chrono::milliseconds;

class ScriptedSender final : public domain::Sender {
 public:
  SendOutcome send(const domain::Delivery& delivery) override {
    sent.push_back(delivery.id);
    if (script.empty()) return SendOutcome::delivered();
    const SendOutcome outcome = script.front();
    if (script.size() > 1) script.erase(script.begin());
    return outcome;
  }
  std::vector<SendOutcome> script;  // the last one goes on
  std::vector<std::string> sent;
};

class DelivererTest : public testing::Test {
 protected:
  void add(const std::string& id) {
    MemoryDeliveryStore::Row row;
    row.delivery.id = id;
    row.delivery.target = "slack";
    store_.rows.push_back(row);
  }
  // A new one each time: its pause between calls is of the real clock.
  Result<StepOutcome> run() {
    Deliverer deliverer("slack", sender_, store_, policy_, [this](const Outcome& outcome) { outcomes_.emplace_back(outcome.kind); });
    return deliverer.run_once();
  }

  MemoryDeliveryStore store_;
  ScriptedSender sender_;
  domain::RetryPolicy policy_{.max_attempts = 3};
  std::vector<std::string> outcomes_;
};

TEST_F(DelivererTest, SendsWhatIsDueAndThenWaits) {
  add("a");
  EXPECT_EQ(run()->wait.count(), 0);
  EXPECT_EQ(store_.rows[0].state, DeliveryState::kDelivered);
  EXPECT_GT(run()->wait.count(), 0);
  EXPECT_EQ(sender_.sent, (std::vector<std::string>{"a"}));
}

TEST_F(DelivererTest, TriesAgainLaterAndGivesUpWithTheReason) {
  add("a");
  sender_.script = {SendOutcome::failed("answered 500")};
  for (int attempt = 1; attempt <= 3; ++attempt) {
    ASSERT_TRUE(run());
    store_.now += 60'000;
  }
  EXPECT_EQ(store_.rows[0].state, DeliveryState::kDead);
  EXPECT_EQ(store_.rows[0].reason, "answered 500");
  EXPECT_EQ(outcomes_, (std::vector<std::string>{"failed", "failed", "dead"}));
}

TEST_F(DelivererTest, GivesUpAtOnceOnWhatTryingAgainDoesNotChange) {
  add("a");
  sender_.script = {SendOutcome::refused("answered 404: no_service")};
  ASSERT_TRUE(run());
  EXPECT_EQ(store_.rows[0].state, DeliveryState::kDead);
}

TEST_F(DelivererTest, HonoursThePauseThatATargetAsksFor) {
  add("a");
  add("b");
  SendOutcome busy = SendOutcome::failed("answered 429");
  busy.pause = std::chrono::minutes{10};
  sender_.script = {busy};
  Deliverer deliverer("slack", sender_, store_, policy_, [](const Outcome&) {});
  const auto first = deliverer.run_once();
  ASSERT_TRUE(first);
  EXPECT_GT(first->wait, std::chrono::minutes{9});
  EXPECT_GE(store_.rows[0].due, 600'000);
  ASSERT_TRUE(deliverer.run_once());
  EXPECT_EQ(sender_.sent, (std::vector<std::string>{"a"})) << "the second one waits, too";
}

TEST_F(DelivererTest, SendsAgainWithTheSameIdAfterACrashBetweenSendingAndMarking) {
  add("a");
  store_.fail_marks = true;
  EXPECT_FALSE(run());
  store_.fail_marks = false;
  EXPECT_GT(run()->wait.count(), 0) << "its lease still holds";
  store_.now += 31'000;
  ASSERT_TRUE(run());
  EXPECT_EQ(sender_.sent, (std::vector<std::string>{"a", "a"}));
  EXPECT_EQ(store_.rows[0].state, DeliveryState::kDelivered);
}

TEST_F(DelivererTest, DoesNotTryForEverWhatKillsItsProcess) {
  add("a");
  store_.rows[0].delivery.attempts = 3;
  ASSERT_TRUE(run());
  EXPECT_TRUE(sender_.sent.empty());
  EXPECT_EQ(store_.rows[0].state, DeliveryState::kDead);
}

TEST(QueueKeeper, CountsWhatItEndsAndTellsWhatWaits) {
  MemoryDeliveryStore store;
  store.counts = {{"slack", 2}};
  std::vector<std::string> outcomes;
  std::map<std::string, std::int64_t> pending;
  QueueKeeper keeper(
      store, {}, [&](const Outcome& outcome) { outcomes.push_back(std::string(outcome.kind) + std::to_string(outcome.count)); },
      [&](const auto& by_target) { pending = by_target; });
  ASSERT_TRUE(keeper.run_once());
  EXPECT_EQ(outcomes, (std::vector<std::string>{"dead2", "dropped2"}));
  EXPECT_EQ(pending, store.counts);
}

}  // namespace
}  // namespace sluice::notify::application
