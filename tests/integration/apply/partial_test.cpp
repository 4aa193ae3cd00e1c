// Some items of a change fail on a real broker, each for a reason of its own: the others are applied, and
// each failure says what the broker said and whether applying again makes sense (G16).
#include <gmock/gmock.h>

#include "kafka_world.h"

namespace sluice::test {
namespace {

using governance::domain::ExecutionState;
using governance::domain::ItemState;
using testing::HasSubstr;

class PartialOnKafka : public KafkaWorld {
 protected:
  const governance::domain::ExecutionItem& item(const governance::domain::Execution& execution,
                                                const std::string& topic) {
    const auto found = std::find_if(execution.items.begin(), execution.items.end(),
                                    [&](const auto& one) { return one.name.view() == topic; });
    EXPECT_TRUE(found != execution.items.end()) << topic;
    return *found;
  }
  std::int64_t entries(const std::string& topic, const std::string& outcome) {
    return world_.count("audit_records WHERE name = '" + topic + "' AND outcome = '" + outcome + "'");
  }
};

TEST_F(PartialOnKafka, EachFailureSaysWhyAndTheOthersAreApplied) {
  const std::string collides = topic("new.x");
  const std::string collider = topic("new_x");
  const std::string created = topic("created");
  const std::string refused = topic("refused");
  const std::string altered = topic("altered");
  const std::string gone = topic("gone");
  const std::string deleted = topic("deleted");
  create({{refused, 1, 1, {}}, {altered, 1, 1, {}}, {gone, 1, 1, {}}, {deleted, 1, 1, {}}});
  const auto approved =
      world_.approve("partial", {upsert(collides, 1), upsert(created, 1), upsert(refused, {}, {{"max.compaction.lag.ms", "1d"}}),
                                 upsert(altered, {}, {{"retention.ms", "1d"}}), deletion(gone), deletion(deleted)});
  // Each in the last moment, so that only the broker can refuse it.
  before_ = [&](const std::string& call) {
    if (call == "create") create({{collider, 1, 1, {}}});
    if (call == "alter") set(refused, "min.compaction.lag.ms", "172800000");
    if (call == "remove") remove({{gone, 1, 1, {}}});
  };
  const auto first = world_.apply(approved);
  before_ = [](const std::string&) {};
  ASSERT_TRUE(first) << first.error().describe();
  EXPECT_EQ(first->state, ExecutionState::kPartial) << told(*first);
  EXPECT_EQ(world_.change_state("partial"), "PARTIAL");

  const auto& collision = item(*first, collides).outcome;
  EXPECT_EQ(collision.state, ItemState::kFailed);
  EXPECT_EQ(collision.code, "INVALID_TOPIC");
  EXPECT_THAT(collision.message, HasSubstr("collides with existing topic"));
  EXPECT_FALSE(collision.retryable) << "as long as the other is there";
  const auto& refusal = item(*first, refused).outcome;
  EXPECT_EQ(refusal.state, ItemState::kFailed);
  EXPECT_EQ(refusal.code, "INVALID_CONFIG");
  EXPECT_THAT(refusal.message, HasSubstr("max.compaction.lag.ms"));
  EXPECT_FALSE(refusal.retryable);
  EXPECT_EQ(item(*first, gone).outcome.state, ItemState::kStale);

  for (const std::string& name : {created, altered, deleted}) {
    EXPECT_EQ(item(*first, name).outcome.state, ItemState::kDone) << name;
    EXPECT_EQ(entries(name, "done"), 1);
  }
  EXPECT_TRUE(exists(created));
  EXPECT_EQ(value_of(altered, "retention.ms"), "86400000");
  EXPECT_FALSE(exists(deleted));
  EXPECT_EQ(entries(collides, "failed"), 1);
  EXPECT_EQ(entries(refused, "failed"), 1);
  EXPECT_EQ(entries(gone, "refused"), 1);

  const auto sent = kafka_.writer.mutating_requests();
  const auto again = world_.apply(approved);
  ASSERT_TRUE(again) << again.error().describe();
  EXPECT_EQ(told(*again), told(*first));
  EXPECT_EQ(kafka_.writer.mutating_requests(), sent) << "nothing that is left may be tried again";
}

// Trying again makes sense then, and tries only what is left.
TEST_F(PartialOnKafka, WhatGotNoAnswerIsTriedAgain) {
  const std::string late = topic("late");
  const std::string created = topic("created");
  create({{late, 1, 1, {}}});
  const auto approved = world_.approve("late", {upsert(late, {}, {{"retention.ms", "1d"}}), upsert(created, 1)});
  // From the end of the creates on, the broker has no time to answer.
  before_ = [&](const std::string& call) {
    if (call == "journal.record" && exists(created)) world_.options().call_deadline = std::chrono::milliseconds{0};
  };
  const auto first = world_.apply(approved);
  before_ = [](const std::string&) {};
  world_.options().call_deadline = std::chrono::seconds{10};
  ASSERT_TRUE(first) << first.error().describe();
  EXPECT_EQ(first->state, ExecutionState::kPartial) << told(*first);
  EXPECT_EQ(item(*first, created).outcome.state, ItemState::kDone);
  EXPECT_EQ(item(*first, late).outcome.state, ItemState::kFailed);
  EXPECT_TRUE(item(*first, late).outcome.retryable);
  EXPECT_NE(item(*first, late).outcome.message, "");

  sent_.clear();
  const auto second = world_.apply(approved);
  ASSERT_TRUE(second) << second.error().describe();
  EXPECT_EQ(second->state, ExecutionState::kApplied) << told(*second);
  EXPECT_EQ(sent_, std::vector<Sent>({{"alter", late}}));
}

}  // namespace
}  // namespace sluice::test
