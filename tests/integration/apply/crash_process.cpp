#include "crash_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <iostream>
#include <map>
#include <stdexcept>

#include "audit/application/verify_chains.h"
#include "audit/infrastructure/sql_records.h"
#include "support/hooked_ports.h"

namespace sluice::test {
namespace {

using governance::domain::ExecutionState;

// Of one name; what waits looks again and again, and one look is like the other.
constexpr int kMostPointsOfAName = 5;

class DiesAt {
 public:
  explicit DiesAt(int point) : point_(point) {}
  void operator()(const std::string& name) {
    if (++seen_[name] > kMostPointsOfAName) return;
    if (++points_ == point_) ::kill(::getpid(), SIGKILL);
  }

 private:
  int point_;
  int points_ = 0;
  std::map<std::string, int> seen_;
};

int apply_and_die(const ProcessRun& run) {
  OpenDatabase database(run.database);
  Kafka kafka(run.kafka.c_str());
  DiesAt dies(run.die_at);
  const Hook hook = [&](const std::string& name) { dies(name); };
  const int file = ::open(run.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const auto on_send = [file](const std::string& call, const std::string& topic) {
    const std::string line = call + " " + topic + "\n";
    if (::write(file, line.data(), line.size()) < 0) std::cerr << "log\n";
  };
  HookedCluster cluster(kafka.cluster, hook);
  HookedWriter writer(kafka.writer, hook, on_send);
  ApplyWorld world(database.get(), cluster, writer, ApplyWorld::some_policies(),
                   [&](auto& journal) { return std::make_unique<HookedJournal>(journal, hook); }, kMoveThrottle);
  world.options().move_poll = std::chrono::milliseconds{50};
  const auto execution = world.apply(world.approved(run.change));
  if (!execution) std::cerr << execution.error().describe() << "\n";
  return execution && execution->state == ExecutionState::kApplied ? 0 : 1;
}

}  // namespace

OpenDatabase::OpenDatabase(const std::string& place) {
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

std::unique_ptr<ApplyWorld> world_on(sql::Database& database, Kafka& kafka) {
  return std::make_unique<ApplyWorld>(database, kafka.cluster, kafka.writer, ApplyWorld::some_policies(),
                                      ApplyWorld::WrapJournal(), kMoveThrottle);
}

ProcessEnd run_process(const ProcessRun& run) {
  std::vector<std::string> arguments{"/proc/self/exe", "--apply",  run.database,
                                     run.kafka,        run.change, std::to_string(run.die_at),
                                     run.log};
  std::vector<char*> raw;
  for (std::string& argument : arguments) raw.push_back(argument.data());
  raw.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {  // nothing but exec: other threads' locks are as they were
    ::execv("/proc/self/exe", raw.data());
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return ProcessEnd::kKilled;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? ProcessEnd::kApplied : ProcessEnd::kOther;
}

void expect_audit(ApplyWorld& world, const std::string& change, std::int64_t topics) {
  const std::string of = "audit_records WHERE change_id = '" + change + "' AND ";
  EXPECT_EQ(world.count(of + "outcome = 'done' AND target = 'topic'"), topics);
  EXPECT_EQ(world.count(of + "target = 'topic'"), topics);
  EXPECT_EQ(world.count("(SELECT DISTINCT name FROM " + of + "target = 'topic') AS once"), topics);
  EXPECT_EQ(world.count(of + "outcome = 'done' AND action = 'change.start'"), 1);
  EXPECT_EQ(world.count(of + "outcome = 'done' AND action = 'change.apply'"), 1);
  EXPECT_EQ(world.count("governance_locks"), 0);
  EXPECT_EQ(world.change_state(change), "APPLIED");

  audit::infrastructure::SqlRecords records(world.database());
  const auto verdict = audit::application::verify_chains(records, nullptr, ApplyWorld::soon());
  ASSERT_TRUE(verdict) << verdict.error().describe();
  EXPECT_TRUE(verdict->whole());
  std::int64_t chained = 0;
  for (const auto& chain : verdict->chains) chained += chain.records;
  EXPECT_EQ(chained, world.count("audit_records"));
}

}  // namespace sluice::test

int main(int argc, char** argv) {
  using sluice::test::ProcessRun;
  if (argc == 7 && std::string_view(argv[1]) == "--apply") {
    return sluice::test::apply_and_die({argv[2], argv[3], argv[4], std::stoi(argv[5]), argv[6]});
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
