#include "platform/tasks/stop_signals.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>

#include "platform/core/assert.h"

namespace sluice::tasks {

StopSignals::Descriptor::Descriptor(int fd) : fd_(fd) { SLUICE_ASSERT(fd >= 0); }
StopSignals::Descriptor::~Descriptor() { ::close(fd_); }

sigset_t StopSignals::watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

StopSignals::StopSignals(std::chrono::milliseconds exit_within)
    : exit_within_(exit_within),
      signals_([] {
        const sigset_t set = watched_signals();
        return ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
      }()),
      bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  const sigset_t set = watched_signals();
  SLUICE_ASSERT(pthread_sigmask(SIG_BLOCK, &set, &previous_mask_) == 0);
  previous_pipe_ = std::signal(SIGPIPE, SIG_IGN);
  watcher_ = std::make_unique<SupervisedLoop>(
      "signals",
      [this](const std::stop_token&) -> Result<StepOutcome> {
        watch_once();
        return StepOutcome{};
      },
      [](const Error&, std::chrono::milliseconds) {});
}

StopSignals::~StopSignals() {
  watcher_->request_stop();
  ring();
  watcher_->join();
  (void)std::signal(SIGPIPE, previous_pipe_);
  (void)pthread_sigmask(SIG_SETMASK, &previous_mask_, nullptr);
}

void StopSignals::request_stop(std::string_view reason) {
  if (note_stop(reason)) ring();  // the watcher has a deadline to wait for now
}

bool StopSignals::wait_for_stop(Deadline deadline) {
  MutexLock lock(mutex_);
  while (!exit_at_ && !deadline.expired()) stopping_.wait_until(mutex_, deadline);
  return exit_at_.has_value();
}

std::string StopSignals::reason() const {
  MutexLock lock(mutex_);
  return reason_;
}

// False when there was a reason before.
bool StopSignals::note_stop(std::string_view reason) {
  {
    MutexLock lock(mutex_);
    if (exit_at_) return false;
    reason_ = reason;
    exit_at_ = Deadline::after(exit_within_);
  }
  stopping_.notify_all();
  return true;
}

std::optional<Deadline> StopSignals::exit_at() const {
  MutexLock lock(mutex_);
  return exit_at_;
}

void StopSignals::ring() const {
  const std::uint64_t one = 1;
  SLUICE_ASSERT(::write(bell_.get(), &one, sizeof one) == sizeof one);
}

// Waits without end while there is nothing to wait for; the bell ends that.
void StopSignals::watch_once() {
  const auto exit_at = this->exit_at();
  if (exit_at && exit_at->expired()) {
    std::fputs("sluice: did not stop in time, exiting\n", stderr);
    ::_exit(1);
  }
  std::array<pollfd, 2> watched = {{{signals_.get(), POLLIN, 0}, {bell_.get(), POLLIN, 0}}};
  const int wait = exit_at ? static_cast<int>(exit_at->remaining().count()) : -1;
  if (::poll(watched.data(), watched.size(), wait) <= 0) return;
  std::uint64_t rung = 0;
  if (watched[1].revents != 0) (void)!::read(bell_.get(), &rung, sizeof rung);
  if (watched[0].revents != 0) on_signal();
}

void StopSignals::on_signal() {
  signalfd_siginfo info{};
  if (::read(signals_.get(), &info, sizeof info) != sizeof info) return;
  if (note_stop(info.ssi_signo == SIGINT ? "SIGINT" : "SIGTERM")) return;
  std::fputs("sluice: second signal, exiting at once\n", stderr);
  ::_exit(128 + static_cast<int>(info.ssi_signo));
}

}  // namespace sluice::tasks
