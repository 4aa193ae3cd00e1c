// SIGTERM and SIGINT as a request to stop, taken by a thread of its own. A second signal, or a stop
// that is not over within `exit_within`, ends the process at once: that is safe at any instruction,
// and the operator has waited long enough. Thread-safe.
//
// Make it in main before any other thread starts: those inherit the blocked signals. SIGPIPE is
// ignored from then on: a peer that went away is an error of the write. A child process inherits
// both and must undo them before exec.
#pragma once

#include <csignal>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/core/deadline.h"
#include "platform/core/mutex.h"
#include "platform/core/supervised_loop.h"

namespace sluice::tasks {

class StopSignals {
 public:
  explicit StopSignals(std::chrono::milliseconds exit_within);
  ~StopSignals();  // restores what signals did before
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // What a first signal does, for a program that finds it can't go on.
  void request_stop(std::string_view reason) SLUICE_EXCLUDES(mutex_);
  // False when the deadline passed first.
  bool wait_for_stop(Deadline deadline) SLUICE_EXCLUDES(mutex_);
  // "SIGTERM", or what request_stop was given; empty until there is one.
  [[nodiscard]] std::string reason() const SLUICE_EXCLUDES(mutex_);

 private:
  class Descriptor {  // closes its file descriptor
   public:
    explicit Descriptor(int fd);
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return fd_; }

   private:
    int fd_;
  };
  static sigset_t watched_signals();

  void watch_once();
  bool note_stop(std::string_view reason) SLUICE_EXCLUDES(mutex_);
  void on_signal();
  [[nodiscard]] std::optional<Deadline> exit_at() const SLUICE_EXCLUDES(mutex_);
  void ring() const;

  const std::chrono::milliseconds exit_within_;
  sigset_t previous_mask_{};
  void (*previous_pipe_)(int) = nullptr;
  Descriptor signals_;
  Descriptor bell_;  // rung when the watcher has something else to look at
  mutable Mutex mutex_;
  ConditionVariable stopping_;
  std::string reason_ SLUICE_GUARDED_BY(mutex_);
  std::optional<Deadline> exit_at_ SLUICE_GUARDED_BY(mutex_);
  std::unique_ptr<SupervisedLoop> watcher_;  // last: uses all of the above
};

}  // namespace sluice::tasks
