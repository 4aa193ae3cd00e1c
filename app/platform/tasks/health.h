// Whether this process can do its work, and if not, why, since when, and what to do. Each
// dependency is looked at in the background by a thread of its own, so that a hung database neither
// delays the other checks nor anyone who asks: snapshot() answers from memory. Thread-safe but for
// add, start and stop, which one thread calls.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/core/clock.h"
#include "platform/core/json.h"
#include "platform/core/mutex.h"
#include "platform/core/supervised_loop.h"
#include "platform/tasks/health_check.h"

namespace sluice::tasks {

struct HealthReport {
  bool ready = false;
  std::vector<CheckState> checks;  // in the order they were added, "process" first

  // The body of /health/ready: {status: ready | not-ready, checks: [{name, required, status,
  // message, fix, since, lastCheckedAt}]}; lastCheckedAt is absent before the first answer.
  [[nodiscard]] Json to_json() const;
};

class Health {
 public:
  // Hears each change of a check's status, on that check's thread. For the log and metrics.
  using Observer = std::function<void(const CheckState&)>;

  Health(const Clock& clock, Observer observer);
  ~Health();  // stops
  Health(const Health&) = delete;
  Health& operator=(const Health&) = delete;

  void add(Check check);  // before start()
  void start();
  void stop();  // waits for the looks that are under way

  // The process itself, the check "process": not ready until accept_work(), and again after
  // refuse_work("is stopping").
  void accept_work();
  void refuse_work(std::string why);

  // Ready: accepts work, and every required check is ok (one that was never answered is not).
  [[nodiscard]] HealthReport snapshot() const;

 private:
  [[nodiscard]] CheckState process_state() const SLUICE_EXCLUDES(mutex_);

  const Clock& clock_;
  const Observer observer_;
  std::vector<std::unique_ptr<HealthCheck>> checks_;
  std::vector<std::unique_ptr<SupervisedLoop>> loops_;
  mutable Mutex mutex_;
  CheckState process_ SLUICE_GUARDED_BY(mutex_);
};

}  // namespace sluice::tasks
