// What governance relies on from a Kafka cluster, as one suite: it runs on the model (ModelCluster) and
// on real brokers, so that what the model proves about the planner and the executor holds for Kafka.
//
// A store gives: cluster(), writer(), kBrokers, and name("x"), a topic name of this test's own.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "support/topic_cluster_cases.h"
#include "support/topic_cluster_fixture.h"

namespace sluice::test {

TYPED_TEST_SUITE_P(TopicClusterSuite);

// --- reading ----------------------------------------------------------------------------------

TYPED_TEST_P(TopicClusterSuite, ReadsWhatItIsAndWhatBrokersApplyByThemselves) {
  const auto state = this->read({this->store_.name("none")});
  EXPECT_FALSE(state.cluster_id.empty());
  EXPECT_EQ(this->store_.cluster().cluster_id(suite_deadline()).value_or(""), state.cluster_id);
  EXPECT_EQ(state.broker_count, TypeParam::kBrokers);
  EXPECT_TRUE(state.topics.empty());
  EXPECT_EQ(state.defaults.at("cleanup.policy"), "delete");
  EXPECT_EQ(state.defaults.at("compression.type"), "producer");
  EXPECT_GT(state.default_partitions.value_or(0), 0);
  EXPECT_GT(state.default_replication_factor.value_or(0), 0);
}

TYPED_TEST_P(TopicClusterSuite, ListsEveryTopicByName) {
  const auto b = this->made("list-b", 1, {});
  const auto a = this->made("list-a", 1, {});
  std::vector<governance::domain::TopicName> names;
  const auto listed = [&](const std::string& name) {
    return std::count(names.begin(), names.end(), governance::domain::TopicName{name});
  };
  // Each look may go to another broker, and one may not know them yet.
  const auto deadline = suite_deadline();
  do {
    auto found = this->store_.cluster().list(deadline);
    ASSERT_TRUE(found) << found.error().describe();
    names = std::move(found).value();
  } while ((listed(a) == 0 || listed(b) == 0) && !deadline.expired());
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_EQ(listed(a), 1);
  EXPECT_EQ(listed(b), 1);
}

TYPED_TEST_P(TopicClusterSuite, ReadsATopicWithTheSourceOfEachValueAndWhatWouldHoldWithoutIt) {
  using governance::domain::ValueSource;
  const auto name = this->made("read", 3, {{"retention.ms", "60000"}, {"cleanup.policy", "delete"}});
  const auto state = this->read({name});
  const auto topic = this->seen(name);
  EXPECT_EQ(topic.partitions, 3);
  EXPECT_EQ(topic.replication_factor, 1);
  EXPECT_FALSE(topic.internal);
  EXPECT_FALSE(topic.topic_id.empty());
  EXPECT_EQ(topic.configs.at("retention.ms").value, "60000");
  EXPECT_EQ(topic.configs.at("retention.ms").source, ValueSource::kTopic);
  EXPECT_EQ(topic.configs.at("retention.ms").fallback, state.defaults.at("retention.ms"));
  // Set to what the broker would apply anyway: still the topic's own.
  EXPECT_EQ(topic.configs.at("cleanup.policy").source, ValueSource::kTopic);
  // Kafka 4's cluster-wide min.insync.replicas is no override.
  EXPECT_EQ(topic.configs.at("min.insync.replicas").source, ValueSource::kBroker);
  for (const auto& [key, value] : state.defaults) {
    ASSERT_TRUE(topic.configs.contains(key)) << key;
    if (topic.configs.at(key).source == ValueSource::kBroker) {
      EXPECT_EQ(topic.configs.at(key).value, value) << key;
    }
  }
}

TYPED_TEST_P(TopicClusterSuite, ShowsValuesAsItUnderstoodThem) {
  std::vector<governance::domain::CreateProbe> probes;
  for (const auto& [key, written, shown] : kShownValues) {
    const governance::domain::TopicName name{this->store_.name("shown" + std::to_string(probes.size()))};
    probes.push_back({name, 1, 1, {{key, written}}});
  }
  for (const auto& result : this->store_.writer().create(probes, suite_deadline())) {
    EXPECT_EQ(result.outcome, governance::domain::CallOutcome::kDone) << result.words;
  }
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const auto& [key, written, shown] = kShownValues[i];
    EXPECT_EQ(this->seen(probes[i].name.str()).configs.at(key).value, shown) << key << "=" << written;
  }
}

TYPED_TEST_P(TopicClusterSuite, DescribesWherePartitionsAre) {
  const governance::domain::TopicName name{this->made("where", 2, {}, TypeParam::kBrokers)};
  const std::vector<governance::domain::TopicName> names{name, governance::domain::TopicName{this->store_.name("none")}};
  Result<std::map<governance::domain::TopicName, governance::domain::TopicDetails>> details =
      std::map<governance::domain::TopicName, governance::domain::TopicDetails>();
  for (const Deadline deadline = suite_deadline(); details && details->empty() && !deadline.expired();) {
    details = this->store_.cluster().describe(names, suite_deadline());
  }
  ASSERT_TRUE(details) << details.error().describe();
  ASSERT_EQ(details->size(), 1U);
  const governance::domain::TopicDetails& topic = details->at(name);
  EXPECT_EQ(topic.topic.replication_factor, TypeParam::kBrokers);
  ASSERT_EQ(topic.partitions.size(), 2U);
  EXPECT_EQ(topic.partitions[1].id, 1);
  EXPECT_EQ(topic.partitions[1].replicas.size(), static_cast<std::size_t>(TypeParam::kBrokers));
}

TYPED_TEST_P(TopicClusterSuite, NamesNoGroupsOfATopicThatNobodyReads) {
  const governance::domain::TopicName name{this->made("unread")};
  const auto groups = this->store_.cluster().groups_of(std::span(&name, 1), suite_deadline());
  ASSERT_TRUE(groups) << groups.error().describe();
  EXPECT_TRUE(groups->empty());
}

TYPED_TEST_P(TopicClusterSuite, CountsTheRecordsOfTopicsThatExist) {
  const governance::domain::TopicName empty{this->made("empty", 2)};
  const std::vector<governance::domain::TopicName> names{empty,
                                                         governance::domain::TopicName{this->store_.name("none")}};
  // The leader of a partition may hear of it after the broker that was asked for the topic.
  auto records = this->store_.cluster().records_of(names, suite_deadline());
  for (const Deadline deadline = suite_deadline(); (!records || records->empty()) && !deadline.expired();) {
    records = this->store_.cluster().records_of(names, suite_deadline());
  }
  ASSERT_TRUE(records) << records.error().describe();
  EXPECT_EQ(*records, (std::map<governance::domain::TopicName, std::int64_t>{{empty, 0}}));
}

TYPED_TEST_P(TopicClusterSuite, WaitsForExistenceUntilTheDeadlineOnly) {
  EXPECT_TRUE(this->await(this->made("there"), true));
  EXPECT_FALSE(this->await(this->store_.name("none"), true, Deadline::after(std::chrono::milliseconds{50})));
}

// --- what the broker says ---------------------------------------------------------------------

TYPED_TEST_P(TopicClusterSuite, SaysInKafkasWordsWhatIsWrongWithConfigs) {
  governance::domain::Probes probes;
  for (const ConfigCase& tested : kConfigCases) {
    const auto name = this->store_.name("c" + std::to_string(probes.creates.size()));
    probes.creates.push_back({governance::domain::TopicName{name}, 1, 1, tested.configs});
  }
  const auto verdicts = this->store_.cluster().validate(probes, suite_deadline());
  ASSERT_TRUE(verdicts) << verdicts.error().describe();
  for (std::size_t i = 0; i < std::size(kConfigCases); ++i) {
    const auto& verdict = (*verdicts)[i];
    EXPECT_EQ(verdict.words, kConfigCases[i].words) << i;
    EXPECT_EQ(verdict.ok, std::string_view(kConfigCases[i].words).empty()) << i << " " << verdict.words;
    EXPECT_EQ(verdict.code, verdict.ok ? "" : "INVALID_CONFIG") << i;
  }
}

TYPED_TEST_P(TopicClusterSuite, TakesEachKeyAtItsBounds) {
  governance::domain::Probes probes;
  for (const BoundCase& bound : kBoundCases) {
    const auto name = this->store_.name("b" + std::to_string(probes.creates.size()));
    probes.creates.push_back({governance::domain::TopicName{name + "in"}, 1, 1, {{bound.key, bound.good}}});
    probes.creates.push_back({governance::domain::TopicName{name + "out"}, 1, 1, {{bound.key, bound.bad}}});
  }
  const auto verdicts = this->store_.cluster().validate(probes, suite_deadline());
  ASSERT_TRUE(verdicts) << verdicts.error().describe();
  for (std::size_t i = 0; i < std::size(kBoundCases); ++i) {
    const BoundCase& bound = kBoundCases[i];
    EXPECT_TRUE((*verdicts)[2 * i].ok) << bound.key << "=" << bound.good;
    EXPECT_EQ((*verdicts)[2 * i + 1].words, std::string("Invalid value ") + bound.bad + " for configuration " +
                                                bound.key + ": " + bound.words);
  }
}

TYPED_TEST_P(TopicClusterSuite, RefusesNamesThatItCannotHold) {
  for (const NameCase& tested : kNameCases) {
    const auto verdict = this->probe({.creates = {{governance::domain::TopicName{tested.name}, 1, 1, {}}},
                                      .partitions = {}, .configs = {}});
    EXPECT_EQ(verdict.code, "INVALID_TOPIC") << tested.name;
    EXPECT_EQ(verdict.words, tested.words);
  }
  const auto empty = this->probe(
      {.creates = {{governance::domain::TopicName{""}, 1, 1, {}}}, .partitions = {}, .configs = {}});
  EXPECT_EQ(empty.code, "INVALID_ARG");
}

TYPED_TEST_P(TopicClusterSuite, TakesDotAndUnderscoreForTheSameAgainstWhatIsThereOnly) {
  const auto name = this->made("coll.a_b");
  const auto other = this->store_.name("coll_a.b");
  const auto refused = this->create(other);
  EXPECT_EQ(refused.outcome, governance::domain::CallOutcome::kRefused);
  EXPECT_EQ(refused.code, "INVALID_TOPIC");
  EXPECT_EQ(refused.words, "Topic '" + other + "' collides with existing topic: " + name);
  // Within one request nobody looks: the planner must.
  const governance::domain::TopicName dotted{this->store_.name("pair.x")};
  const governance::domain::TopicName lined{this->store_.name("pair_x")};
  const auto verdicts = this->store_.cluster().validate(
      {.creates = {{dotted, 1, 1, {}}, {lined, 1, 1, {}}}, .partitions = {}, .configs = {}}, suite_deadline());
  EXPECT_TRUE((*verdicts)[0].ok && (*verdicts)[1].ok);
}

TYPED_TEST_P(TopicClusterSuite, CannotReplicateBeyondItsBrokersButTakesAnyMinInSync) {
  const auto count = TypeParam::kBrokers + 1;
  const auto verdict = this->probe(
      {.creates = {{governance::domain::TopicName{this->store_.name("rf")}, 1, count, {}}}, .partitions = {},
       .configs = {}});
  EXPECT_EQ(verdict.code, "INVALID_REPLICATION_FACTOR");
  const auto n = std::to_string(count);
  EXPECT_EQ(verdict.words, "Unable to replicate the partition " + n +
                               " time(s): The target replication factor of " + n +
                               " cannot be reached because only " + std::to_string(TypeParam::kBrokers) +
                               " broker(s) are registered or some brokers have all their log directories "
                               "cordoned.");
  EXPECT_TRUE(this->probe({.creates = {{governance::domain::TopicName{this->store_.name("isr")}, 1, 1,
                                        {{"min.insync.replicas", "9"}}}},
                           .partitions = {}, .configs = {}})
                  .ok);
}

TYPED_TEST_P(TopicClusterSuite, NamesTheFirstOfSeveralFaults) {
  const auto name = this->made("first");
  const auto of = [&](const std::string& topic, std::int32_t factor, ConfigMap configs) {
    return this->probe({.creates = {{governance::domain::TopicName{topic}, 1, factor, std::move(configs)}},
                        .partitions = {}, .configs = {}})
        .code;
  };
  EXPECT_EQ(of("a b", 9, {{"foo", "1"}}), "INVALID_TOPIC");
  EXPECT_EQ(of(name, 9, {{"foo", "1"}}), "TOPIC_ALREADY_EXISTS");
  EXPECT_EQ(of(this->store_.name("new"), 9, {{"foo", "1"}}), "INVALID_CONFIG");
}

TYPED_TEST_P(TopicClusterSuite, AddsPartitionsButNeverTakesSomeAway) {
  const auto name = this->made("grow", 2);
  const auto of = [&](const std::string& topic, std::int32_t total) {
    return this->probe({.creates = {}, .partitions = {{governance::domain::TopicName{topic}, total}},
                        .configs = {}});
  };
  EXPECT_TRUE(of(name, 3).ok);
  EXPECT_EQ(of(name, 2).words, "Topic already has 2 partition(s).");
  EXPECT_EQ(of(name, 1).words, "The topic " + name + " currently has 2 partition(s); 1 would not be an increase.");
  EXPECT_EQ(of(name, 1).code, "INVALID_PARTITIONS");
  EXPECT_EQ(of(name, 0).code, "INVALID_ARG");
  EXPECT_EQ(of(this->store_.name("none"), 3).code, "UNKNOWN_TOPIC_OR_PARTITION");
  EXPECT_EQ(this->grow(name, 5).outcome, governance::domain::CallOutcome::kDone);
  EXPECT_TRUE(this->becomes(name, [](const auto& topic) { return topic.partitions == 5; }));
  EXPECT_EQ(this->grow(name, 4).outcome, governance::domain::CallOutcome::kRefused);
}

TYPED_TEST_P(TopicClusterSuite, JudgesAConfigChangeAgainstTheWholeThatWouldResult) {
  const auto name = this->made("whole", 1, {{"min.compaction.lag.ms", "100"}});
  const auto of = [&](const std::string& topic, ConfigMap set, std::vector<std::string> unset) {
    const auto verdict =
        this->probe({.creates = {}, .partitions = {},
                     .configs = {{governance::domain::TopicName{topic}, std::move(set), std::move(unset)}}});
    return verdict.code + "|" + verdict.words;
  };
  const auto none = this->store_.name("none");
  EXPECT_EQ(of(name, {{"max.compaction.lag.ms", "10"}}, {}),
            "INVALID_CONFIG|conflict topic config setting min.compaction.lag.ms (100) > max.compaction.lag.ms (10)");
  EXPECT_EQ(of(name, {{"max.compaction.lag.ms", "10"}}, {"min.compaction.lag.ms"}), "|");
  EXPECT_EQ(of(name, {{"foo", "1"}}, {}), "INVALID_CONFIG|Unknown topic config name: foo");
  EXPECT_EQ(of(name, {}, {"foo"}), "|");
  EXPECT_EQ(of(name, {}, {"retention.ms"}), "|");
  EXPECT_EQ(of(none, {{"retention.ms", "5"}}, {}),
            "UNKNOWN_TOPIC_OR_PARTITION|The topic '" + none + "' does not exist.");
  EXPECT_EQ(of(none, {{"retention.ms", "x"}}, {}),
            "INVALID_CONFIG|Invalid value x for configuration retention.ms: Not a number of type LONG");
}

TYPED_TEST_P(TopicClusterSuite, FailsARequestThatIsTooLargeWholeAndIsNeverSentOne) {
  const auto of = [&](std::int32_t partitions, ConfigMap configs) {
    return this->probe({.creates = {{governance::domain::TopicName{this->store_.name("large")}, partitions, 1,
                                     std::move(configs)}},
                        .partitions = {}, .configs = {}});
  };
  EXPECT_TRUE(of(9'999, {}).ok);
  EXPECT_EQ(of(9'999, {{"retention.ms", "5"}}).words, "Unable to perform excessively large batch operation.");
  EXPECT_EQ(of(10'001, {}).words, "Excessively large number of partitions per request.");
  EXPECT_EQ(of(10'001, {}).code, "POLICY_VIOLATION");
  EXPECT_EQ(of(100'001, {}).code, "INVALID_ARG");
  governance::domain::Probes many;
  for (int i = 0; i < 600; ++i) {
    many.creates.push_back({governance::domain::TopicName{this->store_.name(std::to_string(i))}, 40, 1, {}});
  }
  const auto verdicts = this->store_.cluster().validate(many, suite_deadline());
  ASSERT_TRUE(verdicts) << verdicts.error().describe();
  EXPECT_TRUE(std::all_of(verdicts->begin(), verdicts->end(), [](const auto& verdict) { return verdict.ok; }));
}

TYPED_TEST_P(TopicClusterSuite, GivesVerdictsInOrderAndRefusesATopicNamedTwice) {
  const auto name = this->made("order");
  const governance::domain::TopicName topic{name};
  const governance::domain::TopicName fresh{this->store_.name("fresh")};
  const auto verdicts = this->store_.cluster().validate(
      {.creates = {{topic, 1, 1, {}}, {fresh, 1, 1, {}}},
       .partitions = {{topic, 4}, {topic, 5}},
       .configs = {{topic, {{"retention.ms", "1"}}, {}}}},
      suite_deadline());
  ASSERT_TRUE(verdicts) << verdicts.error().describe();
  ASSERT_EQ(verdicts->size(), 5U);
  EXPECT_EQ((*verdicts)[0].code, "TOPIC_ALREADY_EXISTS");
  EXPECT_EQ((*verdicts)[0].words, "Topic '" + name + "' already exists.");
  EXPECT_TRUE((*verdicts)[1].ok);
  EXPECT_EQ((*verdicts)[2].code, "DUPLICATE_ITEM");
  EXPECT_EQ((*verdicts)[3].code, "DUPLICATE_ITEM");
  EXPECT_TRUE((*verdicts)[4].ok);
  EXPECT_EQ((*verdicts)[4].call, governance::domain::BrokerCall::kAlterConfigs);
}

// --- changing ---------------------------------------------------------------------------------

TYPED_TEST_P(TopicClusterSuite, CreatesOnceAndGivesANewTopicANewId) {
  const auto name = this->made("once", 2);
  const auto first = this->seen(name).topic_id;
  const auto again = this->create(name);
  EXPECT_EQ(again.outcome, governance::domain::CallOutcome::kRefused);
  EXPECT_EQ(again.code, "TOPIC_ALREADY_EXISTS");
  EXPECT_FALSE(again.retryable);
  EXPECT_EQ(this->remove(name).outcome, governance::domain::CallOutcome::kDone);
  EXPECT_TRUE(this->await(name, false));
  EXPECT_EQ(this->create(name).outcome, governance::domain::CallOutcome::kDone);
  EXPECT_TRUE(this->becomes(name, [&](const auto& topic) { return topic.topic_id != first; }));
}

TYPED_TEST_P(TopicClusterSuite, CreatesWithTheBrokersNumbersWhenNoneAreNamed) {
  const auto name = this->made("default", 0, {}, 0);
  const auto state = this->read({});
  const auto topic = this->seen(name);
  EXPECT_EQ(topic.partitions, state.default_partitions);
  EXPECT_EQ(topic.replication_factor, state.default_replication_factor);
}

TYPED_TEST_P(TopicClusterSuite, RefusesOneItemWithoutHarmToTheOthers) {
  const auto good = this->store_.name("good");
  const std::vector<governance::domain::CreateProbe> probes{
      {governance::domain::TopicName{good}, 1, 1, {}},
      {governance::domain::TopicName{this->store_.name("bad")}, 1, 1, {{"foo", "1"}}}};
  const auto results = this->store_.writer().create(probes, suite_deadline());
  EXPECT_EQ(results[0].outcome, governance::domain::CallOutcome::kDone);
  EXPECT_EQ(results[1].outcome, governance::domain::CallOutcome::kRefused);
  EXPECT_EQ(results[1].words, "Unknown topic config name: foo");
  EXPECT_TRUE(this->await(good, true));
}

TYPED_TEST_P(TopicClusterSuite, ChangesOnlyTheConfigsThatAreNamed) {
  using governance::domain::ValueSource;
  const auto name = this->made("named", 1, {{"retention.ms", "60000"}, {"max.message.bytes", "2000"}});
  EXPECT_EQ(this->alter(name, {{"segment.ms", "5000"}}, {"max.message.bytes", "no.such.key"}).outcome,
            governance::domain::CallOutcome::kDone);
  EXPECT_TRUE(this->becomes(name, [](const auto& topic) {
    return topic.configs.at("segment.ms").value == "5000" && topic.configs.at("retention.ms").value == "60000" &&
           topic.configs.at("max.message.bytes").source == ValueSource::kBroker;
  }));
  const auto refused = this->alter(name, {{"segment.ms", "7000"}, {"retention.ms", "x"}});
  EXPECT_EQ(refused.code, "INVALID_CONFIG");
  EXPECT_EQ(this->seen(name).configs.at("segment.ms").value, "5000") << "a refused change changes nothing";
}

TYPED_TEST_P(TopicClusterSuite, RemovesWhatIsThere) {
  const auto name = this->made("gone");
  EXPECT_EQ(this->remove(name).outcome, governance::domain::CallOutcome::kDone);
  EXPECT_TRUE(this->await(name, false));
  const auto again = this->remove(name);
  EXPECT_EQ(again.outcome, governance::domain::CallOutcome::kRefused);
  EXPECT_EQ(again.code, "UNKNOWN_TOPIC_OR_PARTITION");
}

TYPED_TEST_P(TopicClusterSuite, CountsTheRequestsThatChangeSomething) {
  auto& writer = this->store_.writer();
  const auto before = writer.mutating_requests();
  EXPECT_TRUE(writer.create({}, suite_deadline()).empty());
  const governance::domain::TopicName name{this->store_.name("count")};
  const std::vector<governance::domain::CreateProbe> twice{{name, 1, 1, {}}, {name, 1, 1, {}}};
  for (const auto& result : writer.create(twice, suite_deadline())) {
    EXPECT_EQ(result.outcome, governance::domain::CallOutcome::kNotSent);
    EXPECT_EQ(result.code, "kafka.duplicate-item");
  }
  EXPECT_TRUE(this->probe({.creates = {{name, 1, 1, {}}}, .partitions = {}, .configs = {}}).ok);
  EXPECT_EQ(writer.mutating_requests(), before) << "what was not sent and what only asks does not count";
  EXPECT_EQ(this->create(name.str()).outcome, governance::domain::CallOutcome::kDone);
  EXPECT_EQ(writer.mutating_requests(), before + 1);
}

REGISTER_TYPED_TEST_SUITE_P(
    TopicClusterSuite, ReadsWhatItIsAndWhatBrokersApplyByThemselves,
    ListsEveryTopicByName, ReadsATopicWithTheSourceOfEachValueAndWhatWouldHoldWithoutIt, ShowsValuesAsItUnderstoodThem,
    DescribesWherePartitionsAre, NamesNoGroupsOfATopicThatNobodyReads, CountsTheRecordsOfTopicsThatExist,
    WaitsForExistenceUntilTheDeadlineOnly,
    SaysInKafkasWordsWhatIsWrongWithConfigs, TakesEachKeyAtItsBounds, RefusesNamesThatItCannotHold,
    TakesDotAndUnderscoreForTheSameAgainstWhatIsThereOnly, CannotReplicateBeyondItsBrokersButTakesAnyMinInSync,
    NamesTheFirstOfSeveralFaults, AddsPartitionsButNeverTakesSomeAway,
    JudgesAConfigChangeAgainstTheWholeThatWouldResult, FailsARequestThatIsTooLargeWholeAndIsNeverSentOne,
    GivesVerdictsInOrderAndRefusesATopicNamedTwice, CreatesOnceAndGivesANewTopicANewId,
    CreatesWithTheBrokersNumbersWhenNoneAreNamed, RefusesOneItemWithoutHarmToTheOthers,
    ChangesOnlyTheConfigsThatAreNamed, RemovesWhatIsThere, CountsTheRequestsThatChangeSomething);

}  // namespace sluice::test
