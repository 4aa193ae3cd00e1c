// Kill -9 before and after every external call of a mixed batch of 30 items, on a real broker and both
// real databases: applied again, the same end state, no call sent twice, the audit trail complete (G25).
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <set>

#include "crash_process.h"
#include "support/migrated_database.h"

namespace sluice::test {
namespace {

using governance::domain::TopicName;

Deadline soon() { return ApplyWorld::soon(); }

class CrashTest : public testing::Test {
 protected:
  static constexpr int kCreates = 10;
  static constexpr int kAlters = 10;
  static constexpr int kDeletes = 5;
  static constexpr int kNones = 5;
  static constexpr const char* kKafka = "SLUICE_TEST_KAFKA";

  ~CrashTest() override { (void)kafka_.admin->delete_topics(made_, soon()); }

  std::string topic(int point, const std::string& kind, int i) {
    return "dev." + run_ + "." + std::to_string(point) + "." + kind + std::to_string(i);
  }

  std::vector<governance::domain::TopicItem> prepare(int point) {
    std::vector<kafka::NewTopic> there;
    std::vector<governance::domain::TopicItem> batch;
    for (int i = 0; i < kDeletes; ++i) {
      there.push_back({topic(point, "old", i), 1, 1, {}});
      batch.push_back(deletion(topic(point, "old", i)));
    }
    for (int i = 0; i < kAlters; ++i) {
      there.push_back({topic(point, "alt", i), 1, 1, {{"segment.ms", "600000"}}});
      batch.push_back(upsert(topic(point, "alt", i), 2, {{"retention.ms", "1d"}, {"segment.ms", {}}}));
    }
    for (int i = 0; i < kNones; ++i) {
      there.push_back({topic(point, "same", i), 1, 1, {}});
      batch.push_back(upsert(topic(point, "same", i), 1));
    }
    for (int i = 0; i < kCreates; ++i) {
      batch.push_back(upsert(topic(point, "new", i), 1, {{"cleanup.policy", "compact"}}));
    }
    for (const auto& result : kafka_.admin->create_topics(there, kafka::ValidateOnly::kNo, soon())) {
      EXPECT_TRUE(result) << result.error().describe();
    }
    for (const auto& item : batch) made_.push_back(item.name.str());
    std::vector<std::pair<TopicName, bool>> expected;
    for (const auto& made : there) expected.emplace_back(made.name, true);
    EXPECT_TRUE(kafka_.cluster.await_existence(expected, soon()).value_or(false));
    return batch;
  }

  void expect_end_state(int point) {
    std::vector<TopicName> names;
    for (int i = 0; i < kDeletes; ++i) names.emplace_back(topic(point, "old", i));
    for (int i = 0; i < kAlters; ++i) names.emplace_back(topic(point, "alt", i));
    for (int i = 0; i < kCreates; ++i) names.emplace_back(topic(point, "new", i));
    const auto state = kafka_.cluster.read(names, soon()).value();
    EXPECT_EQ(state.topics.size(), static_cast<std::size_t>(kAlters + kCreates));
    for (int i = 0; i < kAlters; ++i) {
      const auto& altered = state.topics.at(TopicName{topic(point, "alt", i)});
      EXPECT_EQ(altered.partitions, 2);
      EXPECT_EQ(altered.configs.at("retention.ms").value, "86400000");
      EXPECT_EQ(altered.configs.at("segment.ms").source, governance::domain::ValueSource::kBroker);
    }
    for (int i = 0; i < kCreates; ++i) {
      EXPECT_EQ(state.topics.at(TopicName{topic(point, "new", i)}).configs.at("cleanup.policy").value, "compact");
    }
  }

  // Each call for each topic once, over both lives of the process.
  static void expect_sent_once(const std::string& log) {
    std::ifstream in(log);
    std::multiset<std::string> sent;
    for (std::string line; std::getline(in, line);) sent.insert(line);
    EXPECT_EQ(sent.size(), static_cast<std::size_t>(kCreates + 2 * kAlters + kDeletes));
    for (const auto& line : sent) EXPECT_EQ(sent.count(line), 1u) << line;
  }

  // A lease that runs out by itself takes half a minute, in which brokers come to show what they have taken;
  // here it is cut short, so that is waited for. A line in the log was sent and answered: nothing dies between.
  void await_what_was_sent(const std::string& log) {
    std::vector<std::pair<std::string, TopicName>> calls;
    std::set<TopicName> altered;
    std::ifstream in(log);
    for (std::string call, name; in >> call >> name;) {
      if (call != "alter" && call != "grow") continue;
      calls.emplace_back(call, name);
      altered.emplace(name);
    }
    if (calls.empty()) return;
    const std::vector<TopicName> names(altered.begin(), altered.end());
    const auto shown = kafka::await(
        [&]() -> Result<bool> {
          SLUICE_TRY(const auto state, kafka_.cluster.read(names, soon()));
          return std::all_of(calls.begin(), calls.end(), [&](const auto& sent) {
            const auto topic = state.topics.find(sent.second);
            if (topic == state.topics.end()) return false;
            if (sent.first == "grow") return topic->second.partitions == 2;
            return topic->second.configs.at("retention.ms").value == "86400000";
          });
        },
        soon());
    EXPECT_TRUE(shown) << shown.error().describe();
  }

  void expect_each_kind_of_entry(ApplyWorld& world, const std::string& change) {
    const std::string done = "audit_records WHERE change_id = '" + change + "' AND outcome = 'done' AND action = ";
    EXPECT_EQ(world.count(done + "'topic.create'"), kCreates);
    EXPECT_EQ(world.count(done + "'topic.alter'"), kAlters);
    EXPECT_EQ(world.count(done + "'topic.delete'"), kDeletes);
  }

  // False when the apply came to its end before the point.
  bool kill_at(const std::string& place, int point) {
    const std::string change = "crash-" + std::to_string(point);
    const std::string log = folder_.path(change + ".log");
    {
      OpenDatabase database(place);
      world_on(database.get(), kafka_)->approve(change, prepare(point));
    }
    const ProcessEnd first = run_process({place, kKafka, change, point, log});
    EXPECT_NE(first, ProcessEnd::kOther);
    if (first == ProcessEnd::kKilled) {
      OpenDatabase database(place);
      world_on(database.get(), kafka_)->let_leases_run_out();
      await_what_was_sent(log);
    }
    EXPECT_EQ(run_process({place, kKafka, change, 0, log}), ProcessEnd::kApplied);
    OpenDatabase database(place);
    const auto world = world_on(database.get(), kafka_);
    expect_end_state(point);
    expect_sent_once(log);
    expect_each_kind_of_entry(*world, change);
    expect_audit(*world, change, kCreates + kAlters + kDeletes);
    return first == ProcessEnd::kKilled;
  }

  void kill_everywhere(const std::string& place) {
    constexpr int kMost = 500;
    int step = 1;
    while (step < kMost && kill_at(place, step)) {
      ASSERT_FALSE(HasFailure()) << "killed at point " << step;
      ++step;
    }
    EXPECT_GT(step, 30);
    std::cout << "killed at " << step - 1 << " points\n";
  }

  static void migrate(sql::Database& database) {
    const SystemClock clock;
    sql::Migrator migrator(database, sql::parse_migrations(db::migrations(), database.dialect()).value(), clock);
    const auto applied = migrator.up(Deadline::after(std::chrono::seconds{30}));
    ASSERT_TRUE(applied) << applied.error().describe();
  }

  TemporaryFolder folder_;
  std::string run_ = random_hex(4);
  Kafka kafka_{kKafka};
  std::vector<std::string> made_;
};

TEST_F(CrashTest, OnPostgres) {
  PostgresTestDatabase server;
  {
    OpenDatabase database(server.url());
    migrate(database.get());
  }
  kill_everywhere(server.url());
}

TEST_F(CrashTest, OnSqlite) {
  const std::string path = folder_.path("apply.db");
  {
    OpenDatabase database(path);
    migrate(database.get());
  }
  kill_everywhere(path);
}

}  // namespace
}  // namespace sluice::test
