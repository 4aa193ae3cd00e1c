// One thread that does one step after another until it is told to stop, and backs off when a step
// fails. Tests call the step itself; the loop adds only waiting.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>

#include "platform/core/mutex.h"
#include "platform/core/result.h"

namespace sluice {

// Exponential back-off with full jitter, bounded. Pure: the caller supplies the random fraction.
struct Backoff {
  std::chrono::milliseconds first{100};
  std::chrono::milliseconds most{10'000};

  // `failures` ≥ 1; `fraction` in [0, 1): the wait lies between half and all of the step.
  [[nodiscard]] std::chrono::milliseconds wait_after(int failures, double fraction) const;
};

// What a step wants next.
struct StepOutcome {
  std::chrono::milliseconds wait{0};  // before the next step; zero = at once
};

class SupervisedLoop {
 public:
  using Step = std::function<Result<StepOutcome>(std::stop_token)>;
  using OnError = std::function<void(const Error&, std::chrono::milliseconds wait)>;

  // Starts at once. `step` runs on the loop's own thread and must return soon after its token is
  // stopped; an exception out of it counts as a failed step.
  SupervisedLoop(std::string name, Step step, OnError on_error, Backoff backoff = {});
  ~SupervisedLoop();  // stops and joins
  SupervisedLoop(const SupervisedLoop&) = delete;
  SupervisedLoop& operator=(const SupervisedLoop&) = delete;

  void request_stop();  // returns at once
  void join();          // waits until the running step has returned
  void wake();          // ends the current wait early
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  void run(const std::stop_token& stop);
  Result<StepOutcome> run_step(const std::stop_token& stop);
  void wait(const std::stop_token& stop, std::chrono::milliseconds wait) SLUICE_EXCLUDES(mutex_);

  std::string name_;
  Step step_;
  OnError on_error_;
  Backoff backoff_;
  Mutex mutex_;
  ConditionVariable woken_;
  bool wake_requested_ SLUICE_GUARDED_BY(mutex_) = false;
  std::jthread thread_;  // last: starts when everything else is ready
};

}  // namespace sluice
