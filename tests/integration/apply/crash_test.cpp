// Kill -9 before and after every external call of a mixed batch of 30 items, on a real broker and both
// real databases: applied again, the same end state, no call sent twice, the audit trail complete (G25).
//
// The process that is killed is this program once more, as `crash_tests --apply …`.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <set>

#include "governance/infrastructure/kafka/kafka_topic_writer.h"
#include "governance/infrastructure/kafka_topic_cluster.h"
#include "platform/kafka/admin.h"
#include "support/apply_world.h"
#include "support/hooked_ports.h"
#include "support/migrated_database.h"
#include "support/servers.h"

namespace sluice::test {
namespace {

using governance::domain::ExecutionState;
using governance::domain::TopicName;

Deadline soon() { return ApplyWorld::soon(); }

// --- either database, opened by whoever is told where it is ---------------------------------------

class OpenDatabase {
 public:
  // "postgresql://…" or a path.
  explicit OpenDatabase(const std::string& place) {
    if (place.starts_with("postgres")) {
      postgres::PoolOptions options;
      options.connection.url = place;
      options.connection.role = "test";
      pool_ = std::make_unique<postgres::Pool>(options);
      database_ = std::make_unique<postgres::Database>(*pool_);
    } else {
      auto opened = sqlite::Database::open(place);
      if (!opened) throw std::runtime_error(opened.error().describe());
      database_ = std::move(*opened);
    }
  }
  sql::Database& get() { return *database_; }

 private:
  std::unique_ptr<postgres::Pool> pool_;
  std::unique_ptr<sql::Database> database_;
};

struct Kafka {
  metrics::Registry metrics;
  std::unique_ptr<kafka::Admin> admin =
      kafka::Admin::open(
          {.properties = {{"bootstrap.servers", test_server("SLUICE_TEST_KAFKA")}}, .role = "test", .metrics = metrics})
          .value();
  governance::infrastructure::KafkaTopicCluster cluster{*admin, {}};
  governance::infrastructure::KafkaTopicWriter writer{*admin, {}};
};

// --- the process that is killed ---------------------------------------------------------------------

// Applies the change; killed at the given point, 0 for none. What it sends is in the log before it is sent.
int apply_and_die(const std::string& place, const std::string& change, int die_at, const std::string& log) {
  OpenDatabase database(place);
  Kafka kafka;
  int points = 0;
  const Hook hook = [&](const std::string&) {
    if (++points == die_at) ::kill(::getpid(), SIGKILL);
  };
  const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const auto on_send = [file](const std::string& call, const std::string& topic) {
    const std::string line = call + " " + topic + "\n";
    if (::write(file, line.data(), line.size()) < 0) std::cerr << "log\n";
  };
  HookedCluster cluster(kafka.cluster, hook);
  HookedWriter writer(kafka.writer, hook, on_send);
  ApplyWorld world(database.get(), cluster, writer, ApplyWorld::some_policies(), [&](auto& journal) {
    return std::make_unique<HookedJournal>(journal, hook);
  });
  const auto execution = world.apply(world.approved(change));
  if (!execution) std::cerr << execution.error().describe() << "\n";
  return execution && execution->state == ExecutionState::kApplied ? 0 : 1;
}

// --- the test ---------------------------------------------------------------------------------------

int run_child(const std::vector<std::string>& arguments) {
  std::vector<std::string> all{"/proc/self/exe", "--apply"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  std::vector<char*> raw;
  for (std::string& argument : all) raw.push_back(argument.data());
  raw.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {  // nothing but exec: other threads' locks are as they were
    ::execv("/proc/self/exe", raw.data());
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

class CrashTest : public testing::Test {
 protected:
  static constexpr int kCreates = 10;
  static constexpr int kAlters = 10;
  static constexpr int kDeletes = 5;
  static constexpr int kNones = 5;

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

  static void expect_audit(ApplyWorld& world, const std::string& change) {
    const std::string of = "audit_records WHERE change_id = '" + change + "' AND ";
    const std::string done = of + "outcome = 'done' AND action = ";
    EXPECT_EQ(world.count(done + "'topic.create'"), kCreates);
    EXPECT_EQ(world.count(done + "'topic.alter'"), kAlters);
    EXPECT_EQ(world.count(done + "'topic.delete'"), kDeletes);
    EXPECT_EQ(world.count(of + "target = 'topic'"), kCreates + kAlters + kDeletes);
    EXPECT_EQ(world.count(done + "'change.start'"), 1);
    EXPECT_EQ(world.count(done + "'change.apply'"), 1);
    EXPECT_EQ(world.count("governance_locks"), 0);
    EXPECT_EQ(world.change_state(change), "APPLIED");
  }

  // False when the apply came to its end before the point.
  bool kill_at(const std::string& place, int point, int step) {
    const std::string change = "crash-" + std::to_string(point);
    const std::string log = folder_.path(change + ".log");
    {
      OpenDatabase database(place);
      ApplyWorld(database.get(), kafka_.cluster, kafka_.writer).approve(change, prepare(point));
    }
    const int first = run_child({place, change, std::to_string(step), log});
    const bool killed = WIFSIGNALED(first) && WTERMSIG(first) == SIGKILL;
    EXPECT_TRUE(killed || (WIFEXITED(first) && WEXITSTATUS(first) == 0)) << "status " << first;
    if (killed) {
      OpenDatabase database(place);
      ApplyWorld(database.get(), kafka_.cluster, kafka_.writer).let_leases_run_out();
    }
    const int second = run_child({place, change, "0", log});
    EXPECT_TRUE(WIFEXITED(second) && WEXITSTATUS(second) == 0) << "status " << second;
    OpenDatabase database(place);
    ApplyWorld world(database.get(), kafka_.cluster, kafka_.writer);
    expect_end_state(point);
    expect_sent_once(log);
    expect_audit(world, change);
    return killed;
  }

  void kill_everywhere(const std::string& place) {
    constexpr int kMost = 500;
    int step = 1;
    while (step < kMost && kill_at(place, step, step)) {
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
  Kafka kafka_;
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

int child(char** arguments) {
  return apply_and_die(arguments[2], arguments[3], std::stoi(arguments[4]), arguments[5]);
}

}  // namespace sluice::test

int main(int argc, char** argv) {
  if (argc == 6 && std::string_view(argv[1]) == "--apply") return sluice::test::child(argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
