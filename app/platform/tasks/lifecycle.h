// Starts the parts of the program one after another, and stops them in the opposite order.
//
// Parts are registered in the order in which they need each other; the composition root keeps to:
//
//    start ↓                                                                              ↑ stop
//    1. signals blocked, configuration, log      nothing can fail quietly from here on
//    2. metrics listener                         answers while the rest starts or stops
//    3. database pool, migrations                refuses a schema that is too new
//    4. Kafka admin client and producers         stopping flushes what was accepted
//    5. health checks                            one thread for each dependency
//    6. loops: relay, consumers, reapers, jobs   stopping finishes or abandons the running step
//    7. HTTP server                              stopping drains: no new connections, answers what
//                                                it took, then cuts
//    8. readiness                                /health/ready says "ready" last and stops first,
//    so
//                                                that balancers turn away before connections close
//
// So whatever takes work in stops before what the work needs. Stopping early is always safe: every
// effect is one database transaction or a record that will be published again, and a process that
// is killed at any instruction loses nothing. The order is for those who wait for an answer.
//
// Not thread-safe: add, start and stop are called by one thread (main's).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::tasks {

struct Component {
  std::string name;
  std::function<Status(Deadline)> start;  // may be empty
  // Returns soon after the deadline. When little time is left it may have passed already: then it
  // cuts what is running at once. May be empty.
  std::function<Status(Deadline)> stop;
  std::chrono::milliseconds stop_within{10'000};  // of the whole time, so that others get theirs
  // Of a loop: returns at once. All that run are asked before the first component is stopped, so that
  // steps which wait for a database that is away wait at the same time. May be empty.
  std::function<void()> ask_to_stop = {};
};

struct LifecycleEvent {
  enum class Phase : std::uint8_t {
    kStarting,
    kStarted,
    kStartFailed,
    kStopping,
    kStopped,
    kStopFailed
  };

  std::string component;
  Phase phase = Phase::kStarting;
  std::chrono::milliseconds took{0};
  std::optional<Error> error;
};

std::string_view to_string(LifecycleEvent::Phase phase);  // "starting", …, "stop-failed"

class Lifecycle {
 public:
  using Observer = std::function<void(const LifecycleEvent&)>;  // for the log

  explicit Lifecycle(Observer observer) : observer_(std::move(observer)) {}
  ~Lifecycle();  // everything must have been stopped
  Lifecycle(const Lifecycle&) = delete;
  Lifecycle& operator=(const Lifecycle&) = delete;

  void add(Component component);  // before start()
  // The first failure stops what was started, in reverse order within `undo_within`, and is
  // returned.
  Status start(Deadline deadline, std::chrono::milliseconds undo_within = std::chrono::seconds{10});
  // Stops what is started, in reverse order. A component that fails does not keep the others from
  // being stopped; the first failure is returned. Stopping twice is fine.
  Status stop(Deadline deadline);

 private:
  Status run(const Component& component, bool starting, Deadline deadline);

  Observer observer_;
  std::vector<Component> components_;
  std::size_t started_ = 0;
};

}  // namespace sluice::tasks
