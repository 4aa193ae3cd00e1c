// G28: what comes back, what does not, and why.
#include "governance/domain/rollback/rollback.h"

#include <gtest/gtest.h>

#include "governance/domain/plan/plan_test_support.h"

namespace sluice::governance::domain {
namespace {

const TopicName kName{"dev.a"};

struct Scene {
  TopicItem asked;
  std::map<std::string, LiveTopic> before;
  std::map<std::string, LiveTopic> now;
  std::string topic_id = "id";
  std::map<TopicName, std::int64_t> records = {};
  ItemState state = ItemState::kDone;
};

InverseItem inverse_of(const Scene& scene) {
  const PlannedItem planned_item = planned(batch("dev", {scene.asked}), cluster(scene.before)).items.front();
  const AppliedItem applied{planned_item, scene.state, scene.topic_id};
  const ClusterState now = cluster(scene.now);
  return invert(std::span(&applied, 1), {now, scene.records, {{kName, {"team", {}, {}, {}}}}}).front();
}

LiveTopic topic(std::int32_t partitions, std::int32_t factor, const std::map<std::string, std::string>& own = {},
                const std::string& id = "id") {
  LiveTopic result = live(partitions, factor, own);
  result.topic_id = id;
  return result;
}

// What a create gives a topic that asks for nothing.
const std::map<std::string, std::string> kMade{{"compression.type", "zstd"}};

std::string reason_of(const InverseItem& inverse) { return inverse.reasons.empty() ? "" : inverse.reasons.front(); }

TEST(Rollback, OfACreateIsADeleteExactWhileTheTopicIsEmpty) {
  Scene scene{item("dev.a", 3), {}, {{"dev.a", topic(3, 3, kMade)}}, "id", {{kName, 0}}};
  auto inverse = inverse_of(scene);
  EXPECT_EQ(inverse.fidelity, Fidelity::kExact);
  EXPECT_EQ(inverse.item->action, ItemAction::kDelete);
  scene.records[kName] = 5;
  inverse = inverse_of(scene);
  EXPECT_EQ(inverse.fidelity, Fidelity::kLossy);
  EXPECT_EQ(reason_of(inverse), "5 records written since would be lost");
  scene.records.clear();
  EXPECT_EQ(inverse_of(scene).fidelity, Fidelity::kLossy);
}

TEST(Rollback, NeverDeletesATopicThatSomebodyElseMade) {
  Scene scene{item("dev.a", 3), {}, {{"dev.a", topic(3, 3, {}, "other")}}, "id", {{kName, 0}}};
  EXPECT_EQ(inverse_of(scene).fidelity, Fidelity::kImpossible);
  scene.topic_id = "";
  for (const auto state : {ItemState::kUnknown, ItemState::kFailed}) {
    scene.state = state;
    EXPECT_EQ(inverse_of(scene).fidelity, Fidelity::kImpossible) << "whose it is, nobody has seen";
    EXPECT_FALSE(inverse_of(scene).item);
  }
  scene.now.clear();
  EXPECT_EQ(inverse_of(scene).fidelity, Fidelity::kNothing);
}

TEST(Rollback, OfADeleteMakesTheTopicAgainWithoutItsData) {
  const Scene scene{deletion("dev.a"), {{"dev.a", topic(6, 3, {{"retention.ms", "5"}})}}, {}, ""};
  const auto inverse = inverse_of(scene);
  EXPECT_EQ(inverse.fidelity, Fidelity::kLossy);
  EXPECT_EQ(inverse.item->action, ItemAction::kCreate);
  EXPECT_EQ(inverse.item->partitions, 6);
  EXPECT_EQ(inverse.item->replication_factor, 3);
  EXPECT_EQ(inverse.item->configs, (Configs{{"retention.ms", "5"}}));
  EXPECT_EQ(inverse.item->metadata.owner, "team");
}

TEST(Rollback, OfADeleteWhoseNameIsTakenAgainIsImpossible) {
  const Scene scene{deletion("dev.a"), {{"dev.a", topic(6, 3)}}, {{"dev.a", topic(1, 1, {}, "new")}}, ""};
  EXPECT_EQ(inverse_of(scene).fidelity, Fidelity::kImpossible);
}

TEST(Rollback, GivesConfigsTheirOldValuesOrTheBrokers) {
  Scene scene{item("dev.a", {}, {{"retention.ms", "9"}, {"segment.ms", "8"}, {"cleanup.policy", std::nullopt}}),
              {{"dev.a", topic(3, 3, {{"retention.ms", "5"}, {"cleanup.policy", "compact"}})}},
              {{"dev.a", topic(3, 3, {{"retention.ms", "9"}, {"segment.ms", "8"}})}}};
  const auto inverse = inverse_of(scene);
  EXPECT_EQ(inverse.fidelity, Fidelity::kExact) << reason_of(inverse);
  EXPECT_EQ(inverse.item->action, ItemAction::kUpdate);
  EXPECT_EQ(inverse.item->configs,
            (Configs{{"cleanup.policy", "compact"}, {"retention.ms", "5"}, {"segment.ms", std::nullopt}}));
}

TEST(Rollback, SaysThatALaterChangeGoesToo) {
  Scene scene{item("dev.a", {}, {{"retention.ms", "9"}}),
              {{"dev.a", topic(3, 3, {{"retention.ms", "5"}})}},
              {{"dev.a", topic(3, 3, {{"retention.ms", "77"}})}}};
  const auto inverse = inverse_of(scene);
  EXPECT_EQ(inverse.fidelity, Fidelity::kLossy);
  EXPECT_NE(reason_of(inverse).find("retention.ms is 77 now"), std::string::npos);
}

TEST(Rollback, OfACreateSaysThatALaterChangeGoesToo) {
  Scene scene{item("dev.a", 3, {{"retention.ms", "9"}, {"cleanup.policy", std::nullopt}}), {},
              {{"dev.a", topic(3, 3, {{"retention.ms", "9"}, {"compression.type", "zstd"}})}}, "id", {{kName, 0}}};
  EXPECT_EQ(inverse_of(scene).fidelity, Fidelity::kExact) << reason_of(inverse_of(scene));
  scene.now = {{"dev.a", topic(5, 3, {{"retention.ms", "77"}, {"segment.ms", "8"}, {"compression.type", "zstd"}})}};
  const auto inverse = inverse_of(scene);
  EXPECT_EQ(inverse.fidelity, Fidelity::kLossy);
  EXPECT_EQ(inverse.item->action, ItemAction::kDelete);
  ASSERT_EQ(inverse.reasons.size(), 3U);
  EXPECT_NE(inverse.reasons[0].find("partitions is 5 now, no longer the 3"), std::string::npos) << inverse.reasons[0];
  EXPECT_NE(inverse.reasons[1].find("retention.ms is 77 now"), std::string::npos) << inverse.reasons[1];
  EXPECT_NE(inverse.reasons[2].find("segment.ms has been set to 8 since"), std::string::npos) << inverse.reasons[2];
}

TEST(Rollback, CannotTakePartitionsAway) {
  Scene scene{item("dev.a", 8), {{"dev.a", topic(3, 3)}}, {{"dev.a", topic(8, 3)}}};
  auto inverse = inverse_of(scene);
  EXPECT_EQ(inverse.fidelity, Fidelity::kImpossible);
  EXPECT_FALSE(inverse.item);
  EXPECT_EQ(reason_of(inverse), "partitions stay at 8: Kafka cannot take partitions away");
  scene.asked = item("dev.a", 8, {{"retention.ms", "9"}});
  scene.now = {{"dev.a", topic(8, 3, {{"retention.ms", "9"}})}};
  inverse = inverse_of(scene);
  EXPECT_EQ(inverse.fidelity, Fidelity::kLossy);
  EXPECT_EQ(inverse.item->configs, (Configs{{"retention.ms", std::nullopt}}));
}

TEST(Rollback, SaysWhereTheBrokersDefaultHidesALostSetting) {
  const auto own_default = std::map<std::string, std::string>{{"retention.ms", "604800000"}};
  const auto inverse = inverse_of({item("dev.a", {}, {{"retention.ms", std::nullopt}}),
                                   {{"dev.a", topic(3, 3, own_default)}},
                                   {{"dev.a", topic(3, 3)}}});
  EXPECT_EQ(inverse.fidelity, Fidelity::kLossy);
  EXPECT_FALSE(inverse.item);
}

TEST(Rollback, MovesReplicasBack) {
  auto asked = item("dev.a");
  asked.replication_factor = 3;
  const auto inverse = inverse_of({asked, {{"dev.a", topic(3, 2)}}, {{"dev.a", topic(3, 3)}}});
  EXPECT_EQ(inverse.fidelity, Fidelity::kExact);
  EXPECT_EQ(inverse.item->replication_factor, 2);
}

TEST(Rollback, OfAChangedTopicThatIsGoneOrAnotherIsImpossible) {
  Scene scene{item("dev.a", {}, {{"retention.ms", "9"}}), {{"dev.a", topic(3, 3)}}, {}};
  EXPECT_EQ(inverse_of(scene).fidelity, Fidelity::kImpossible);
  scene.now = {{"dev.a", topic(3, 3, {}, "other")}};
  EXPECT_EQ(inverse_of(scene).fidelity, Fidelity::kImpossible);
}

TEST(Rollback, LeavesAloneWhatWasNeverBegun) {
  Scene scene{item("dev.a", {}, {{"retention.ms", "9"}}), {{"dev.a", topic(3, 3)}}, {{"dev.a", topic(3, 3)}}};
  for (const auto state : {ItemState::kPending, ItemState::kStale}) {
    scene.state = state;
    EXPECT_EQ(inverse_of(scene).fidelity, Fidelity::kNothing);
  }
}

}  // namespace
}  // namespace sluice::governance::domain
