// G27, G28: what is declared after an apply.
#include "governance/domain/catalogue/declaration.h"

#include <gtest/gtest.h>

#include "governance/domain/plan/plan_test_support.h"

namespace sluice::governance::domain {
namespace {

const AppliedBy kBy{EnvironmentName{"dev"}, ChangeId{"c-2"}, 3, "id-2", kNow};

PlannedItem one(const TopicItem& asked, const ClusterState& state = cluster()) {
  return planned(batch("dev", {asked}), state).items.front();
}

TEST(Declaration, HoldsWhatTheItemSaysAlsoWhereNothingChanges) {
  const auto state = cluster({{"dev.a", live(3, 1, {{"retention.ms", "3600000"}})}});
  const auto item_as_is = one(item("dev.a", 3, {{"retention.ms", "1h"}, {"segment.ms", std::nullopt}}), state);
  ASSERT_EQ(item_as_is.action, PlannedAction::kNone);
  const auto declared = declare(std::nullopt, item_as_is, kBy).value();
  EXPECT_EQ(declared.fields.partitions, 3);
  EXPECT_FALSE(declared.fields.replication_factor);
  EXPECT_EQ(declared.fields.set, (std::map<std::string, std::string, std::less<>>{{"retention.ms", "3600000"}}));
  EXPECT_EQ(declared.fields.unset, std::vector<std::string>{"segment.ms"});
  EXPECT_EQ(declared.topic_id, "id-2");
  EXPECT_EQ(declared.change_id.str(), "c-2");
}

TEST(Declaration, HoldsTheDefaultsThatAPolicyGaveANewTopic) {
  const auto declared = declare(std::nullopt, one(item("dev.new", 1)), kBy).value();
  EXPECT_EQ(declared.fields.set.at("compression.type"), "zstd");
}

TEST(Declaration, LaysNewerFieldsOverOlderOnesAndLeavesTheRest) {
  Declaration before;
  before.fields = {3, 2, {{"retention.ms", "1"}, {"segment.ms", "5"}}, {"cleanup.policy", "max.message.bytes"}};
  before.metadata = {"team-a", "gold", "doc", {"x"}};
  const auto state = cluster({{"dev.a", live(3, 2)}});
  auto asked = item("dev.a", 6, {{"segment.ms", std::nullopt}, {"cleanup.policy", "compact"}});
  asked.metadata.owner = "team-b";
  const auto declared = declare(before, one(asked, state), kBy).value();
  EXPECT_EQ(declared.fields.partitions, 6);
  EXPECT_EQ(declared.fields.replication_factor, 2);
  EXPECT_EQ(declared.fields.set,
            (std::map<std::string, std::string, std::less<>>{{"cleanup.policy", "compact"}, {"retention.ms", "1"}}));
  EXPECT_EQ(declared.fields.unset, (std::vector<std::string>{"max.message.bytes", "segment.ms"}));
  EXPECT_EQ(declared.metadata, (TopicMetadata{"team-b", "gold", "doc", {"x"}}));
}

TEST(Declaration, EndsWithTheTopic) {
  const auto state = cluster({{"dev.a", live(3, 2, {{"retention.ms", "7"}})}});
  const auto deleted = one(deletion("dev.a"), state);
  EXPECT_FALSE(declare(Declaration{}, deleted, kBy));
  ASSERT_TRUE(deleted.lost);
  EXPECT_EQ(deleted.lost->partitions, 3);
  EXPECT_EQ(deleted.lost->set, (std::map<std::string, std::string, std::less<>>{{"retention.ms", "7"}}));
  EXPECT_FALSE(declare(Declaration{}, one(deletion("dev.gone")), kBy));
}

TEST(Declaration, OfANewTopicOwesNothingToItsPredecessor) {
  Declaration before;
  before.fields = {30, {}, {{"retention.ms", "1"}}, {}};
  const auto declared = declare(before, one(item("dev.new", 1)), kBy).value();
  EXPECT_EQ(declared.fields.partitions, 1);
  EXPECT_FALSE(declared.fields.set.contains("retention.ms"));
}

}  // namespace
}  // namespace sluice::governance::domain
