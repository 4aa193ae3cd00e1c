// A process that applies a change and is killed at a given point: this program once more, as
// `apply_crash_tests --apply …`, so that nothing of it outlives the kill.
#pragma once

#include <memory>
#include <string>

#include "kafka_ports.h"
#include "support/apply_world.h"
#include "support/test_database.h"

namespace sluice::test {

// Either database, opened by whoever is told where it is.
class OpenDatabase {
 public:
  // "postgresql://…" or a path.
  explicit OpenDatabase(const std::string& place);
  sql::Database& get() { return *database_; }

 private:
  std::unique_ptr<postgres::Pool> pool_;
  std::unique_ptr<sql::Database> database_;
};

// Slow enough that a move of some megabytes can be caught in the middle.
constexpr std::int64_t kMoveThrottle = 4LL << 20;

struct ProcessRun {
  std::string database;  // as OpenDatabase takes it
  std::string kafka;     // the variable that names the servers
  std::string change;
  int die_at = 0;   // the point to be killed at, counted from 1; 0: none
  std::string log;  // "create dev.a", a line for each item of each mutating call, written before it is sent
};

enum class ProcessEnd { kApplied, kKilled, kOther };
// Waits for its end.
ProcessEnd run_process(const ProcessRun& run);

// An ApplyWorld on `database` as the processes have it.
std::unique_ptr<ApplyWorld> world_on(sql::Database& database, Kafka& kafka);

// Nothing is missing in the trail of `change`, nothing is in it twice, and its chain verifies.
void expect_audit(ApplyWorld& world, const std::string& change, std::int64_t topics);

}  // namespace sluice::test
