// G8, G28: what the catalogue makes of each look at the cluster.
#include "governance/domain/catalogue/catalogued_topic.h"

#include <gtest/gtest.h>

#include "governance/domain/plan/plan_test_support.h"

namespace sluice::governance::domain {
namespace {

const EnvironmentName kDev{"dev"};
const TopicName kName{"dev.a"};
const TimePoint kLater = kNow + std::chrono::hours{1};

CataloguedTopic first_look(const LiveTopic& topic) {
  return observe(kDev, kName, nullptr, &topic, nullptr, kNow).value();
}

TEST(Observe, SeesATopicForTheFirstTime) {
  const auto seen = first_look(live(3, 2, {{"retention.ms", "5"}}));
  EXPECT_EQ(seen.configs, (std::map<std::string, std::string, std::less<>>{{"retention.ms", "5"}}));
  EXPECT_EQ(seen.first_seen, kNow);
  EXPECT_EQ(seen.last_change, kNow);
  EXPECT_TRUE(seen.changes.empty());
}

TEST(Observe, SaysNothingWhenNothingChanged) {
  const auto topic = live(3, 2, {{"retention.ms", "5"}});
  const auto known = first_look(topic);
  EXPECT_FALSE(observe(kDev, kName, &known, &topic, nullptr, kLater));
}

TEST(Observe, NamesEveryFieldThatChanged) {
  auto known = first_look(live(3, 2, {{"retention.ms", "5"}, {"segment.ms", "7"}}));
  auto now = live(6, 3, {{"retention.ms", "9"}, {"cleanup.policy", "compact"}});
  now.topic_id = known.topic_id;
  const auto seen = observe(kDev, kName, &known, &now, nullptr, kLater).value();
  EXPECT_EQ(seen.changes, (std::vector<FieldChange>{{"partitions", "3", "6"},
                                                    {"replicationFactor", "2", "3"},
                                                    {"retention.ms", "5", "9"},
                                                    {"segment.ms", "7", ""},
                                                    {"cleanup.policy", "", "compact"}}));
  EXPECT_EQ(seen.first_seen, kNow);
  EXPECT_EQ(seen.last_change, kLater);
}

TEST(Observe, NoticesAnotherTopicOfTheSameName) {
  const auto known = first_look(live(3, 2));
  auto other = live(3, 2);
  other.topic_id = "another";
  const auto seen = observe(kDev, kName, &known, &other, nullptr, kLater).value();
  EXPECT_EQ(seen.first_seen, kLater);
  EXPECT_EQ(seen.changes, (std::vector<FieldChange>{{"topicId", "id-3", "another"}}));
}

TEST(Observe, MarksATopicGoneOnceAndSeesItComeBack) {
  const auto topic = live(3, 2);
  const auto known = first_look(topic);
  const auto gone = observe(kDev, kName, &known, nullptr, nullptr, kLater).value();
  EXPECT_EQ(gone.gone_at, kLater);
  EXPECT_EQ(gone.partitions, 3);
  EXPECT_FALSE(observe(kDev, kName, &gone, nullptr, nullptr, kLater));
  const auto back = observe(kDev, kName, &gone, &topic, nullptr, kLater).value();
  EXPECT_FALSE(back.gone_at);
}

TEST(Observe, TakesTheMetadataThatWasDeclared) {
  const auto topic = live(3, 2);
  const auto known = first_look(topic);
  const TopicMetadata declared{"team", {}, {}, {"x"}};
  const auto seen = observe(kDev, kName, &known, &topic, &declared, kLater).value();
  EXPECT_EQ(seen.metadata, declared);
  EXPECT_EQ(seen.last_change, kNow);  // the topic itself is as it was
}

TEST(Subject, NamesItsTopic) {
  EXPECT_EQ(topic_of_subject("prod.orders-value"), TopicName{"prod.orders"});
  EXPECT_EQ(topic_of_subject("prod.orders-key"), TopicName{"prod.orders"});
  EXPECT_FALSE(topic_of_subject("com.acme.Order"));
  EXPECT_FALSE(topic_of_subject("-value"));
}

TEST(BelongsTo, GoesByPrefixAndTakesNamesWithout) {
  const auto all = environments();
  EXPECT_TRUE(belongs_to(TopicName{"dev.a"}, kDev, all));
  EXPECT_FALSE(belongs_to(TopicName{"prod.a"}, kDev, all));
  EXPECT_TRUE(belongs_to(TopicName{"orders"}, kDev, all));
}

}  // namespace
}  // namespace sluice::governance::domain
