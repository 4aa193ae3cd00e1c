// Kill -9 before and after every external call of a change that moves replicas, on three brokers with data
// to copy: whoever goes on starts no move twice, waits for the one under way, and leaves no throttle
// behind (G25, X4).
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>

#include "crash_process.h"
#include "platform/kafka/producer.h"
#include "support/migrated_database.h"

namespace sluice::test {
namespace {

using governance::domain::TopicName;

constexpr const char* kKafka = "SLUICE_TEST_KAFKA3";
constexpr std::int32_t kPartitions = 2;
constexpr int kMegabytes = 3;  // in each partition

class CrashMoves : public testing::Test {
 protected:
  CrashMoves() {
    OpenDatabase database(database_);
    const SystemClock clock;
    sql::Migrator migrator(database.get(), sql::parse_migrations(db::migrations(), sql::Dialect::kSqlite).value(),
                           clock);
    EXPECT_TRUE(migrator.up(ApplyWorld::soon()));
  }
  ~CrashMoves() override { (void)kafka_.admin->delete_topics(made_, ApplyWorld::soon()); }

  std::string topic(int point, const std::string& kind) { return "dev." + run_ + "." + std::to_string(point) + kind; }

  void fill(const std::string& topic) {
    const auto producer = kafka::Producer::open({.properties = {{"bootstrap.servers", test_server(kKafka)}},
                                                 .role = "test-producer",
                                                 .metrics = kafka_.metrics})
                              .value();
    const std::string value(100'000, 'x');
    for (int i = 0; i < kPartitions * kMegabytes * 10; ++i) {
      kafka::RecordToSend record{topic, "k", value};
      record.partition = i % kPartitions;
      ASSERT_TRUE(producer->produce(record, [](const auto& report) { EXPECT_TRUE(report); }));
    }
    ASSERT_TRUE(producer->flush(ApplyWorld::soon()));
  }

  // One that gets replicas, and partitions and a setting besides; one that loses some; one that is new.
  std::vector<governance::domain::TopicItem> prepare(int point) {
    const std::vector<kafka::NewTopic> there{{topic(point, "more"), kPartitions, 1, {}},
                                             {topic(point, "less"), kPartitions, 3, {}}};
    std::vector<std::pair<TopicName, bool>> expected;
    for (const auto& result : kafka_.admin->create_topics(there, kafka::ValidateOnly::kNo, ApplyWorld::soon())) {
      EXPECT_TRUE(result) << result.error().describe();
    }
    for (const auto& made : there) {
      made_.push_back(made.name);
      expected.emplace_back(made.name, true);
    }
    made_.push_back(topic(point, "new"));
    EXPECT_TRUE(kafka_.cluster.await_existence(expected, ApplyWorld::soon()).value_or(false));
    fill(topic(point, "more"));
    auto more = upsert(topic(point, "more"), kPartitions + 1, {{"retention.ms", "1d"}});
    more.replication_factor = 3;
    auto less = upsert(topic(point, "less"));
    less.replication_factor = 2;
    return {more, less, upsert(topic(point, "new"), 1)};
  }

  std::map<std::string, int> sent(const std::string& log) {
    std::ifstream in(log);
    std::map<std::string, int> lines;
    for (std::string line; std::getline(in, line);) ++lines[line];
    return lines;
  }
  bool moves_are_under_way(int point) {
    const auto moving = kafka_.admin->list_reassignments(ApplyWorld::soon());
    EXPECT_TRUE(moving) << moving.error().describe();
    return moving && std::any_of(moving->begin(), moving->end(),
                                 [&](const auto& move) { return move.topic == topic(point, "more"); });
  }

  void expect_end_state(int point) {
    const std::map<std::string, std::vector<std::size_t>> wanted{
        {topic(point, "more"), {3, 3, 3}}, {topic(point, "less"), {2, 2}}, {topic(point, "new"), {3}}};
    for (const auto& [name, factors] : wanted) {
      const TopicName topic{name};
      const auto described = kafka_.cluster.describe(std::span(&topic, 1), ApplyWorld::soon()).value();
      ASSERT_TRUE(described.contains(topic)) << name;
      const governance::domain::TopicDetails& details = described.at(topic);
      std::vector<std::size_t> found;
      for (const auto& partition : details.partitions) found.push_back(partition.replicas.size());
      EXPECT_EQ(found, factors) << name;
      for (const char* mark : {"leader.replication.throttled.replicas", "follower.replication.throttled.replicas"}) {
        const auto& config = details.topic.configs.at(mark);
        EXPECT_NE(config.source, governance::domain::ValueSource::kTopic) << name << " " << mark << config.value;
      }
    }
    EXPECT_FALSE(moves_are_under_way(point));
  }
  // While nothing else moves on the cluster: others' moves keep it.
  void expect_no_throttle_of_brokers() {
    const auto moving = kafka_.admin->list_reassignments(ApplyWorld::soon());
    if (!moving || !moving->empty()) return;
    for (const std::int32_t broker : {1, 2, 3}) {
      const auto configs = kafka_.admin->describe_broker_configs(broker, ApplyWorld::soon());
      ASSERT_TRUE(configs) << configs.error().describe();
      for (const auto& config : *configs) {
        const bool rate = config.name.ends_with("replication.throttled.rate");
        EXPECT_FALSE(rate && config.source == kafka::ConfigSource::kBrokerDynamic) << broker << " " << config.name;
      }
    }
  }
  void expect_sent_once(int point, const std::string& log) {
    const std::string more = topic(point, "more");
    const std::string less = topic(point, "less");
    const std::map<std::string, int> once{{"create " + topic(point, "new"), 1}, {"reassign " + more + "/0", 1},
                                          {"reassign " + more + "/1", 1},        {"reassign " + less + "/0", 1},
                                          {"reassign " + less + "/1", 1},        {"grow " + more, 1},
                                          {"alter " + more, 1}};
    EXPECT_EQ(sent(log), once);
  }

  // False when the apply came to its end before the point.
  bool kill_at(int point) {
    const std::string change = "moves-" + std::to_string(point);
    const std::string log = folder_.path(change + ".log");
    {
      OpenDatabase database(database_);
      world_on(database.get(), kafka_)->approve(change, prepare(point));
    }
    const ProcessEnd first = run_process({database_, kKafka, change, point, log});
    EXPECT_NE(first, ProcessEnd::kOther);
    if (first == ProcessEnd::kKilled) {
      if (moves_are_under_way(point)) ++halfway_;
      OpenDatabase database(database_);
      world_on(database.get(), kafka_)->let_leases_run_out();
    }
    EXPECT_EQ(run_process({database_, kKafka, change, 0, log}), ProcessEnd::kApplied);
    expect_end_state(point);
    expect_no_throttle_of_brokers();
    expect_sent_once(point, log);
    OpenDatabase database(database_);
    expect_audit(*world_on(database.get(), kafka_), change, 3);
    return first == ProcessEnd::kKilled;
  }

  TemporaryFolder folder_;
  const std::string database_ = folder_.path("apply.db");
  std::string run_ = random_hex(4);
  Kafka kafka_{kKafka};
  std::vector<std::string> made_;
  int halfway_ = 0;
};

TEST_F(CrashMoves, AreGoneOnWithAndLeaveNoThrottle) {
  constexpr int kMost = 200;
  int point = 1;
  while (point < kMost && kill_at(point)) {
    ASSERT_FALSE(HasFailure()) << "killed at point " << point;
    ++point;
  }
  EXPECT_GT(point, 30);
  EXPECT_GT(halfway_, 3) << "replicas that had arrived before anybody was killed prove nothing";
  std::cout << "killed at " << point - 1 << " points, at " << halfway_ << " of them with replicas on their way\n";
}

}  // namespace
}  // namespace sluice::test
