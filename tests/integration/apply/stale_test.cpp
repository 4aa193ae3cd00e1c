// What was planned is changed behind its back on a real broker, before each external call between the
// approval and the end of the apply: nothing is sent for it any more, whatever else goes on (G26).
#include "kafka_world.h"

namespace sluice::test {
namespace {

class StaleOnKafka : public KafkaWorld {
 protected:
  StaleOnKafka() { world_.options().settle_deadline = std::chrono::seconds{1}; }

  struct Topics {
    std::string altered;
    std::string deleted;
    std::string created;
    std::string fine;   // asked for too, and left alone
    std::string other;  // not asked for
  };

  Topics prepare(int point) {
    const std::string n = std::to_string(point);
    Topics topics{topic(n + "a"), topic(n + "d"), topic(n + "c"), topic(n + "f"), topic(n + "o")};
    create({{topics.altered, 1, 1, {}}, {topics.deleted, 1, 1, {}}, {topics.other, 1, 1, {}}});
    return topics;
  }
  auto approve(const Topics& topics, int point) {
    return world_.approve("stale-" + std::to_string(point),
                          {upsert(topics.altered, {}, {{"retention.ms", "1d"}}), deletion(topics.deleted),
                           upsert(topics.created, 1), upsert(topics.fine, 1)});
  }
  // Runs `meddle` before the call of that number; its name, empty when there were fewer.
  std::shared_ptr<std::string> before_call(int number, std::function<void()> meddle) {
    auto name = std::make_shared<std::string>();
    before_ = [=, seen = 0, meddle = std::move(meddle)](const std::string& call) mutable {
      if (++seen != number) return;
      *name = call;
      meddle();
    };
    return name;
  }
  bool was_sent_since(std::size_t first, const std::string& call, const std::string& topic) {
    return std::find(sent_.begin() + static_cast<std::ptrdiff_t>(first), sent_.end(), Sent(call, topic)) != sent_.end();
  }

  // Each of the three as somebody else has made it; whether there was such a point.
  bool meddle_at(int point) {
    const Topics topics = prepare(point);
    const auto approved = approve(topics, point);
    std::size_t sent_before = 0;
    std::string recreated;
    bool had_deleted = false;
    bool had_created = false;
    const auto call = before_call(point, [&] {
      sent_before = sent_.size();
      had_deleted = !exists(topics.deleted);
      had_created = exists(topics.created);
      set(topics.altered, "retention.ms", "77000");
      if (!had_deleted) remove({{topics.deleted, 1, 1, {}}});
      create({{topics.deleted, 1, 1, {}}});
      recreated = id_of(topics.deleted);
      if (!had_created) create({{topics.created, 2, 1, {}}});
    });
    const auto execution = world_.apply(approved);
    before_ = [](const std::string&) {};
    if (call->empty()) return false;

    // The request that is under way at that very moment can't be called back (docs/guide/apply.md).
    SCOPED_TRACE("before " + *call + ", call " + std::to_string(point));
    if (*call != "alter") {
      EXPECT_FALSE(was_sent_since(sent_before, "alter", topics.altered));
      EXPECT_EQ(value_of(topics.altered, "retention.ms"), "77000");
    }
    if (*call != "remove") {
      EXPECT_FALSE(was_sent_since(sent_before, "remove", topics.deleted));
      EXPECT_EQ(id_of(topics.deleted), recreated);
    }
    if (*call != "create") {
      EXPECT_FALSE(was_sent_since(sent_before, "create", topics.created));
    }
    if (execution) {
      EXPECT_TRUE(exists(topics.fine)) << "an unrelated item goes on";
      ++went_on_;
    } else {
      EXPECT_EQ(execution.error().code, "plan.stale");
      EXPECT_EQ(sent_.size(), sent_before) << "refused as a whole, nothing is sent";
      ++refused_;
    }
    return true;
  }

  int went_on_ = 0;
  int refused_ = 0;
};

TEST_F(StaleOnKafka, NothingIsSentForATopicThatWasChangedBehindItsBack) {
  int point = 1;
  while (meddle_at(point)) {
    ASSERT_FALSE(HasFailure()) << "at call " << point;
    ++point;
  }
  EXPECT_GT(refused_, 2) << "before the approval is spent";
  EXPECT_GT(went_on_, 10) << "after it";
}

TEST_F(StaleOnKafka, WhatNobodyPlannedDoesNotMatter) {
  for (int point = 1;; point += 3) {
    const Topics topics = prepare(point);
    const auto approved = approve(topics, point);
    const auto call = before_call(point, [&] {
      set(topics.other, "retention.ms", "77000");
      set(topics.altered, "segment.ms", "99000");
    });
    const auto execution = world_.apply(approved);
    before_ = [](const std::string&) {};
    ASSERT_TRUE(execution) << execution.error().describe();
    EXPECT_EQ(execution->state, governance::domain::ExecutionState::kApplied)
        << told(*execution) << " before " << *call;
    if (call->empty()) break;
    EXPECT_EQ(value_of(topics.altered, "segment.ms"), "99000");
  }
}

}  // namespace
}  // namespace sluice::test
