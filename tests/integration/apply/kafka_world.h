// An apply on the real broker in which something may happen before each external call, and which tells
// what it sent.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "kafka_ports.h"
#include "support/apply_world.h"
#include "support/hooked_ports.h"
#include "support/migrated_database.h"

namespace sluice::test {

class KafkaWorld : public testing::Test {
 protected:
  using Sent = std::pair<std::string, std::string>;  // "create", "dev.a"

  ~KafkaWorld() override { (void)kafka_.admin->delete_topics(made_, ApplyWorld::soon()); }

  std::string topic(const std::string& suffix) {
    made_.push_back("dev." + run_ + "." + suffix);
    return made_.back();
  }
  // By another tool; seen by reads afterwards.
  void create(const std::vector<kafka::NewTopic>& topics) {
    for (const auto& made : kafka_.admin->create_topics(topics, kafka::ValidateOnly::kNo, ApplyWorld::soon())) {
      ASSERT_TRUE(made) << made.error().describe();
    }
    await_existence(topics, true);
  }
  void remove(const std::vector<kafka::NewTopic>& topics) {
    std::vector<std::string> names;
    for (const auto& gone : topics) names.push_back(gone.name);
    for (const auto& removed : kafka_.admin->delete_topics(names, ApplyWorld::soon())) {
      ASSERT_TRUE(removed) << removed.error().describe();
    }
    await_existence(topics, false);
  }
  void set(const std::string& topic, const std::string& key, const std::string& value) {
    const kafka::ConfigChange change{topic, {{key, value}}, {}};
    const auto changed =
        kafka_.admin->incremental_alter_configs(std::span(&change, 1), kafka::ValidateOnly::kNo, ApplyWorld::soon());
    ASSERT_TRUE(changed[0]) << changed[0].error().describe();
    ASSERT_TRUE(kafka::await([&]() -> Result<bool> { return value_of(topic, key) == value; }, ApplyWorld::soon()));
  }
  std::string value_of(const std::string& topic, const std::string& key) {
    const auto details = details_of(topic);
    return details ? details->topic.configs.at(key).value : "(no topic)";
  }
  std::string id_of(const std::string& topic) {
    const auto details = details_of(topic);
    return details ? details->topic.topic_id : "";
  }
  bool exists(const std::string& topic) { return details_of(topic).has_value(); }

  MigratedDatabase<sql::Dialect::kSqlite> database_;
  Kafka kafka_{"SLUICE_TEST_KAFKA"};
  std::function<void(const std::string& call)> before_ = [](const std::string&) {};  // each external call
  std::vector<Sent> sent_;

 private:
  static constexpr std::string_view kBefore = "before ";

  void await_existence(const std::vector<kafka::NewTopic>& topics, bool exist) {
    std::vector<std::pair<governance::domain::TopicName, bool>> expected;
    for (const auto& one : topics) expected.emplace_back(one.name, exist);
    ASSERT_TRUE(kafka_.cluster.await_existence(expected, ApplyWorld::soon()).value_or(false));
  }
  std::optional<governance::domain::TopicDetails> details_of(const std::string& topic) {
    const governance::domain::TopicName name{topic};
    auto details = kafka_.cluster.describe(std::span(&name, 1), ApplyWorld::soon());
    EXPECT_TRUE(details) << details.error().describe();
    if (!details || details->empty()) return std::nullopt;
    return std::move(details->at(name));
  }

  const std::string run_ = random_hex(4);
  std::vector<std::string> made_;
  const Hook hook_ = [this](const std::string& point) {
    if (point.starts_with(kBefore)) before_(point.substr(kBefore.size()));
  };
  HookedCluster cluster_{kafka_.cluster, hook_};
  HookedWriter writer_{kafka_.writer, hook_,
                       [this](const std::string& call, const std::string& topic) { sent_.emplace_back(call, topic); }};

 protected:
  ApplyWorld world_{database_.database(), cluster_, writer_, ApplyWorld::some_policies(),
                    [this](auto& journal) { return std::make_unique<HookedJournal>(journal, hook_); }};
};

}  // namespace sluice::test
