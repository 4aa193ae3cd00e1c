// The admin client on a real broker: what it reads, what it changes, and the broker's own words when
// it refuses (G5, G26).
#include "platform/kafka/admin.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "integration/kafka/cluster_fixture.h"

namespace sluice::kafka::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class AdminTest : public ClusterTest {
 protected:
  Status create(const NewTopic& topic, ValidateOnly validate_only = ValidateOnly::kYes) {
    return admin_->create_topics(std::vector{topic}, validate_only, soon())[0];
  }
  Status alter(const ConfigChange& change, ValidateOnly validate_only = ValidateOnly::kNo) {
    return admin_->incremental_alter_configs(std::vector{change}, validate_only, soon())[0];
  }
  Status repartition(const std::string& topic, int total) {
    return admin_->create_partitions(std::vector{NewPartitions{topic, total}}, ValidateOnly::kYes,
                                     soon())[0];
  }
  ConfigEntry config(const std::string& topic, const std::string& name) {
    const auto described = admin_->describe_topic_configs(std::vector{topic}, soon());
    EXPECT_TRUE(described[0]) << described[0].error().describe();
    const auto found = std::ranges::find(*described[0], name, &ConfigEntry::name);
    EXPECT_NE(found, described[0]->end()) << name;
    return *found;
  }
};

TEST_F(AdminTest, TellsTheClusterAndItsBrokers) {
  const auto cluster = admin_->cluster(soon());
  ASSERT_TRUE(cluster) << cluster.error().describe();
  EXPECT_EQ(cluster->cluster_id.size(), 22U);
  EXPECT_EQ(cluster->controller_id, 1);
  ASSERT_EQ(cluster->brokers.size(), 1U);
  EXPECT_EQ(cluster->brokers[0].host, "127.0.0.1");
  EXPECT_EQ(cluster->brokers[0].rack, "rack-1");
}

TEST_F(AdminTest, CreatesDescribesAndDeletesATopic) {
  const auto name = make_topic("round-trip", 3, {{"cleanup.policy", "compact"}});
  const auto described = admin_->describe_topics(std::vector{name}, soon());
  ASSERT_TRUE(described[0]) << described[0].error().describe();
  const auto& topic = *described[0];
  EXPECT_EQ(topic.name, name);
  EXPECT_FALSE(topic.internal);
  EXPECT_EQ(topic.topic_id.size(), 22U);
  ASSERT_EQ(topic.partitions.size(), 3U);
  EXPECT_THAT(topic.partitions[2].replicas, ElementsAre(1));
  EXPECT_THAT(topic.partitions[2].isr, ElementsAre(1));

  EXPECT_TRUE(admin_->delete_topics(std::vector{name}, soon())[0]);
  const auto gone = await(
      [&]() -> Result<bool> {
        const auto again = admin_->describe_topics(std::vector{name}, soon());
        return !again[0] && again[0].error().code == "kafka.unknown-topic";
      },
      soon());
  EXPECT_TRUE(gone);
}

TEST_F(AdminTest, ReadsTheSourceOfEachConfig) {
  const auto name = make_topic("sources", 1, {{"retention.ms", "123456"}});
  ASSERT_TRUE(await([&]() -> Result<bool> { return config(name, "retention.ms").value == "123456"; },
                    soon()));
  const auto own = config(name, "retention.ms");
  EXPECT_EQ(own.source, ConfigSource::kTopic);
  ASSERT_FALSE(own.synonyms.empty());
  EXPECT_EQ(own.synonyms[0].source, ConfigSource::kTopic);
  EXPECT_EQ(config(name, "cleanup.policy").source, ConfigSource::kDefault);
  // KIP-966: the cluster's default shows on every topic and is nobody's override.
  EXPECT_EQ(config(name, "min.insync.replicas").source, ConfigSource::kClusterDynamic);
}

TEST_F(AdminTest, ReadsBrokerConfigs) {
  const auto entries = admin_->describe_broker_configs(1, soon());
  ASSERT_TRUE(entries) << entries.error().describe();
  const auto found = std::ranges::find(*entries, "auto.create.topics.enable", &ConfigEntry::name);
  ASSERT_NE(found, entries->end());
  EXPECT_EQ(found->value, "false");
  EXPECT_EQ(found->source, ConfigSource::kBrokerStatic);
  const auto missing = admin_->describe_broker_configs(77, Deadline::after(std::chrono::seconds{2}));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, "kafka.unreachable");
}

TEST_F(AdminTest, SetsAndUnsetsConfigsAndLeavesTheOthers) {
  const auto name = make_topic("alter", 1, {{"retention.ms", "1000"}, {"segment.ms", "2000"}});
  ASSERT_TRUE(alter({name, {{"retention.ms", "3000"}, {"cleanup.policy", "compact"}}, {"segment.ms"}}));
  const auto seen = await(
      [&]() -> Result<bool> {
        return config(name, "retention.ms").value == "3000" &&
               config(name, "segment.ms").source == ConfigSource::kDefault;
      },
      soon());
  EXPECT_TRUE(seen);
  EXPECT_EQ(config(name, "cleanup.policy").value, "compact");
}

TEST_F(AdminTest, ValidateOnlyChangesNothing) {
  const auto name = topic_name("not-there");
  EXPECT_TRUE(create({name, 1, 1, {}}));
  const auto described = admin_->describe_topics(std::vector{name}, soon());
  ASSERT_FALSE(described[0]);
  EXPECT_EQ(described[0].error().code, "kafka.unknown-topic");
  EXPECT_EQ(described[0].error().kind, ErrorKind::kNotFound);
}

struct Refusal {
  const char* label;
  NewTopic topic;
  const char* code;
  const char* words;
};

class AdminRefusals : public AdminTest, public ::testing::WithParamInterface<Refusal> {};

TEST_P(AdminRefusals, CarryTheBrokersWords) {
  const auto refused = create(GetParam().topic);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, GetParam().code);
  EXPECT_EQ(refused.error().kind, ErrorKind::kInvalid);
  EXPECT_THAT(refused.error().message, HasSubstr(GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    ValidateOnly, AdminRefusals,
    ::testing::Values(
        Refusal{"text_for_number", {"v", 1, 1, {{"retention.ms", "abc"}}}, "kafka.invalid-config",
                "Invalid value abc for configuration retention.ms: Not a number of type LONG"},
        Refusal{"unknown_config", {"v", 1, 1, {{"foo.bar", "1"}}}, "kafka.invalid-config",
                "Unknown topic config name: foo.bar"},
        Refusal{"isr_zero", {"v", 1, 1, {{"min.insync.replicas", "0"}}}, "kafka.invalid-config",
                "Invalid value 0 for configuration min.insync.replicas: Value must be at least 1"},
        Refusal{"policy_bogus", {"v", 1, 1, {{"cleanup.policy", "bogus"}}}, "kafka.invalid-config",
                "String must be one of: compact, delete"},
        Refusal{"remote_storage", {"v", 1, 1, {{"remote.storage.enable", "true"}}},
                "kafka.invalid-config", "Tiered Storage functionality is disabled"},
        Refusal{"replication", {"v", 1, 3, {}}, "kafka.invalid-replication-factor",
                "The target replication factor of 3 cannot be reached because only 1 broker(s)"},
        Refusal{"no_partitions", {"v", 0, 1, {}}, "kafka.invalid-partitions",
                "Number of partitions was set to an invalid non-positive value."},
        Refusal{"negative_partitions", {"v", -2, 1, {}}, "kafka.invalid-arg", "num_partitions"},
        Refusal{"empty_config_name", {"v", 1, 1, {{"", "1"}}}, "kafka.invalid-config",
                "Unknown topic config name"},
        Refusal{"empty_name", {"", 1, 1, {}}, "kafka.invalid-arg", "the name is empty"},
        Refusal{"bad_name", {"bad name", 1, 1, {}}, "kafka.invalid-topic", "Topic name is invalid"},
        Refusal{"dots", {"..", 1, 1, {}}, "kafka.invalid-topic", "Topic name is invalid"},
        Refusal{"long_name", {std::string(250, 'n'), 1, 1, {}}, "kafka.invalid-topic",
                "Topic name is invalid"}),
    [](const auto& tested) { return tested.param.label; });

TEST_F(AdminTest, ANameThatExistsAndOneThatCollidesAreRefused) {
  const auto name = make_topic("a.b");
  const auto exists = create({name, 1, 1, {}});
  ASSERT_FALSE(exists);
  EXPECT_EQ(exists.error().code, "kafka.topic-already-exists");
  EXPECT_EQ(exists.error().kind, ErrorKind::kConflict);
  const auto collides = create({topic_name("a_b"), 1, 1, {}});
  ASSERT_FALSE(collides);
  EXPECT_EQ(collides.error().code, "kafka.invalid-topic");
  EXPECT_THAT(collides.error().message, HasSubstr("collides with existing topic: " + name));
}

TEST_F(AdminTest, PartitionsOnlyGrow) {
  const auto name = make_topic("grow", 3);
  EXPECT_TRUE(repartition(name, 4));
  const auto same = repartition(name, 3);
  ASSERT_FALSE(same);
  EXPECT_EQ(same.error().code, "kafka.invalid-partitions");
  EXPECT_THAT(same.error().message, HasSubstr("Topic already has 3 partition(s)."));
  const auto fewer = repartition(name, 2);
  ASSERT_FALSE(fewer);
  EXPECT_THAT(fewer.error().message,
              HasSubstr("currently has 3 partition(s); 2 would not be an increase."));
  EXPECT_FALSE(repartition(name, -1));
}

TEST_F(AdminTest, AlteringWhatIsNotThereIsNotFound) {
  const auto refused = alter({topic_name("nope"), {{"retention.ms", "1"}}, {}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "kafka.unknown-topic");
  EXPECT_THAT(refused.error().message, HasSubstr("does not exist"));
}

TEST_F(AdminTest, OneBadItemDoesNotSpoilTheOthers) {
  const auto name = make_topic("mixed");
  const std::vector<ConfigChange> changes{
      {name, {{"retention.ms", "5000"}}, {}},
      {topic_name("x"), {{"retention.ms", "1"}}, {"retention.ms"}},
      {"", {{"retention.ms", "1"}}, {}},
  };
  const auto results = admin_->incremental_alter_configs(changes, ValidateOnly::kYes, soon());
  EXPECT_TRUE(results[0]);
  ASSERT_FALSE(results[1]);
  EXPECT_EQ(results[1].error().code, "kafka.invalid-arg");
  ASSERT_FALSE(results[2]);
  EXPECT_EQ(results[2].error().code, "kafka.invalid-arg");
}

TEST_F(AdminTest, RefusesANameThatComesTwiceAndAsksForTheRest) {
  const std::vector<NewTopic> topics{
      {topic_name("twice"), 1, 1, {}}, {topic_name("once"), 1, 1, {}}, {topic_name("twice"), 2, 1, {}}};
  const auto results = admin_->create_topics(topics, ValidateOnly::kYes, soon());
  ASSERT_FALSE(results[0]);
  EXPECT_EQ(results[0].error().code, "kafka.duplicate-item");
  EXPECT_TRUE(results[1]);
  ASSERT_FALSE(results[2]);
  EXPECT_EQ(results[2].error().code, "kafka.duplicate-item");
}

TEST_F(AdminTest, Validates1200TopicsInThreeRequests) {
  std::vector<NewTopic> topics;
  for (int i = 0; i < 1200; ++i) {
    topics.push_back({topic_name(std::to_string(i)), 1, 1, {{"retention.ms", "1000"}}});
  }
  topics[700].configs["retention.ms"] = "abc";
  const auto before = admin_->requests();
  const auto results = admin_->create_topics(topics, ValidateOnly::kYes, soon());
  EXPECT_EQ(admin_->requests() - before, 3U);
  ASSERT_EQ(results.size(), topics.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i].has_value(), i != 700) << i << ": " << results[i].error().describe();
  }
}

// 100 x 100 partitions are 10,000 and, with the topics, more than 10,000 metadata records: as one
// request all of them would fail.
TEST_F(AdminTest, SplitsByPartitionsAndRecordsToo) {
  std::vector<NewTopic> topics;
  for (int i = 0; i < 100; ++i) topics.push_back({topic_name(std::to_string(i)), 100, 1, {}});
  const auto before = admin_->requests();
  for (const auto& result : admin_->create_topics(topics, ValidateOnly::kYes, soon())) {
    EXPECT_TRUE(result) << result.error().describe();
  }
  EXPECT_EQ(admin_->requests() - before, 2U);
  const auto excessive = create({topic_name("huge"), 10'001, 1, {}});
  ASSERT_FALSE(excessive);
  EXPECT_EQ(excessive.error().code, "kafka.policy-violation");
  EXPECT_THAT(excessive.error().message, HasSubstr("Excessively large"));
}

TEST_F(AdminTest, DescribesManyNamesInFewRequests) {
  const auto name = make_topic("many");
  std::vector<std::string> names;
  for (int i = 0; i < 1200; ++i) names.push_back(topic_name("absent-" + std::to_string(i)));
  names[600] = name;
  const auto before = admin_->requests();
  const auto topics = admin_->describe_topics(names, soon());
  EXPECT_EQ(admin_->requests() - before, 2U);
  const auto configs = admin_->describe_topic_configs(names, soon());
  EXPECT_EQ(admin_->requests() - before, 5U);
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(topics[i].has_value(), i == 600);
    EXPECT_EQ(configs[i].has_value(), i == 600);
  }
  EXPECT_EQ(configs[0].error().code, "kafka.unknown-topic");
}

TEST_F(AdminTest, NothingIsSentAfterTheDeadline) {
  const auto before = admin_->requests();
  const auto late = Deadline::after(std::chrono::milliseconds{0});
  const auto created = admin_->create_topics(std::vector<NewTopic>{{topic_name("late"), 1, 1, {}}},
                                             ValidateOnly::kNo, late);
  ASSERT_FALSE(created[0]);
  EXPECT_EQ(created[0].error().code, "kafka.not-sent");
  EXPECT_FALSE(admin_->cluster(late));
  EXPECT_EQ(admin_->requests(), before);
}

TEST_F(AdminTest, CountsErrorsByCallAndCode) {
  EXPECT_FALSE(create({"bad name", 1, 1, {}}));
  EXPECT_THAT(metrics_.render(),
              HasSubstr(R"(kafka_api_errors_total{api="CreateTopics",code="kafka.invalid-topic"} 1)"));
}

TEST_F(AdminTest, ListsOffsetsAndTellsPartitionsThatAreNotThere) {
  const auto name = make_topic("offsets", 2);
  const std::vector<TopicPartition> asked{{name, 0}, {name, 1}, {name, 9}};
  // A broker may lead a new partition a moment later than it says.
  EXPECT_TRUE(await(
      [&]() -> Result<bool> {
        const auto latest = admin_->list_offsets(asked, OffsetAt::kLatest, soon());
        EXPECT_FALSE(latest[2]);
        return latest[0] && latest[1] && *latest[0] == 0;
      },
      soon()));
  EXPECT_EQ(*admin_->list_offsets(asked, OffsetAt::kEarliest, soon())[0], 0);
}

TEST_F(AdminTest, AGroupThatNeverWasIsDead) {
  const std::vector<std::string> ids{"g-" + run_};
  // The first question about groups has the broker make their topic, which takes it a moment.
  const auto answered = await(
      [&]() -> Result<bool> {
        const auto groups = admin_->describe_groups(ids, soon());
        EXPECT_EQ(groups[0] ? groups[0]->state : "Dead", "Dead");
        return groups[0].has_value();
      },
      soon());
  ASSERT_TRUE(answered) << answered.error().describe();
  const auto offsets = admin_->group_offsets(ids[0], soon());
  ASSERT_TRUE(offsets) << offsets.error().describe();
  EXPECT_TRUE(offsets->empty());
}

}  // namespace
}  // namespace sluice::kafka::test
