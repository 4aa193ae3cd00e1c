// What is not known is null in an answer, never zero; links lead to AKHQ's own pages (G8, G10).
#include "governance/interface/catalogue/catalogue_json.h"

#include <gtest/gtest.h>

#include "governance/interface/topic_json.h"

namespace sluice::governance::interface {
namespace {

const domain::EnvironmentName kDev{"dev"};
const domain::TopicName kTopic{"dev.a"};
constexpr TimePoint kThen{std::chrono::milliseconds{1'763'716'503'118}};

application::CatalogueSnapshot snapshot_with(std::vector<domain::GroupLag> groups) {
  application::CatalogueSnapshot snapshot;
  application::GroupsByTopic known;
  known["dev/dev.a"] = std::make_shared<const std::vector<domain::GroupLag>>(std::move(groups));
  snapshot.groups = std::make_shared<const application::GroupsByTopic>(std::move(known));
  snapshot.state.groups_read[kDev] = {kThen, 2};
  return snapshot;
}

std::string consumers(const application::CatalogueSnapshot& snapshot, const char* environment,
                      const char* akhq_url = "") {
  JsonWriter json;
  json.begin_object();
  write_consumers(snapshot, domain::EnvironmentName{environment}, kTopic, akhq_url, json);
  json.end_object();
  return std::move(json).take();
}

TEST(ConsumersJson, IsNullWhereNobodyHasLooked) {
  EXPECT_EQ(consumers(snapshot_with({}), "prod"), R"({"consumers":null})");
}

TEST(ConsumersJson, SaysWhenItWasReadAndWhatWasNot) {
  EXPECT_EQ(consumers(snapshot_with({}), "dev"),
            R"({"consumers":{"readAt":"2025-11-21T09:15:03.118Z","unreadGroups":2,"groups":[]}})");
  const auto snapshot = snapshot_with({{"a", "Stable", 2, 0}, {"b/ü", "Empty", std::nullopt, std::nullopt}});
  EXPECT_EQ(consumers(snapshot, "dev", "https://akhq.example/ui/dev"),
            R"({"consumers":{"readAt":"2025-11-21T09:15:03.118Z","unreadGroups":2,"groups":[)"
            R"({"group":"a","state":"Stable","members":2,"lag":0,)"
            R"("links":{"akhq":"https://akhq.example/ui/dev/group/a"}},)"
            R"({"group":"b/ü","state":"Empty","members":null,"lag":null,)"
            R"("links":{"akhq":"https://akhq.example/ui/dev/group/b%2F%C3%BC"}}]}})");
}

TEST(CataloguedJson, LeavesOutWhatIsNotKnown) {
  domain::CataloguedTopic topic;
  topic.environment = kDev;
  topic.name = kTopic;
  topic.topic_id = "id";
  topic.partitions = 3;
  topic.replication_factor = 1;
  topic.first_seen = topic.last_change = kThen;
  const auto text = [&] {
    JsonWriter json;
    write_catalogued(topic, snapshot_with({}), "https://akhq.example/ui/dev", json);
    return std::move(json).take();
  };
  const std::string consumers =
      R"("consumers":{"readAt":"2025-11-21T09:15:03.118Z","unreadGroups":2,"groups":[]},)"
      R"("links":{"akhq":"https://akhq.example/ui/dev/topic/dev.a"}})";
  EXPECT_EQ(text(), R"({"env":"dev","name":"dev.a","topicId":"id","partitions":3,"replicationFactor":1,)"
                    R"("internal":false,"configs":{},"firstSeen":"2025-11-21T09:15:03.118Z",)"
                    R"("lastChange":"2025-11-21T09:15:03.118Z","changes":[],)" + consumers);
  topic.configs = {{"retention.ms", "1"}};
  topic.metadata = {"team-a", "gold", "a \"doc\"", {"pii"}};
  topic.changes = {{"retention.ms", "", "1"}};
  topic.gone_at = kThen;
  EXPECT_EQ(text(), R"({"env":"dev","name":"dev.a","topicId":"id","partitions":3,"replicationFactor":1,)"
                    R"("internal":false,"configs":{"retention.ms":"1"},"owner":"team-a","sla":"gold",)"
                    R"("doc":"a \"doc\"","tags":["pii"],"firstSeen":"2025-11-21T09:15:03.118Z",)"
                    R"("lastChange":"2025-11-21T09:15:03.118Z",)"
                    R"("changes":[{"field":"retention.ms","before":"","after":"1"}],)"
                    R"("goneAt":"2025-11-21T09:15:03.118Z",)" + consumers);
}

TEST(Links, AreLeftOutWhereNothingIsConfiguredOrNoTopicCanBe) {
  EXPECT_EQ(topic_links("", kTopic).dump(), "{}");
  EXPECT_EQ(topic_links("https://akhq.example/ui/dev", domain::TopicName{"not a topic"}).dump(), "{}");
  EXPECT_EQ(topic_links("https://akhq.example/ui/dev", kTopic)["akhq"], "https://akhq.example/ui/dev/topic/dev.a");
}

}  // namespace
}  // namespace sluice::governance::interface
