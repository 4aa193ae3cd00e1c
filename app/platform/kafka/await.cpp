#include <algorithm>
#include <chrono>

#include "platform/core/mutex.h"
#include "platform/kafka/admin.h"

namespace sluice::kafka {

namespace {

// Waits without a sleep that nothing could end: `stop` wakes it.
void pause(std::chrono::milliseconds wait, Deadline deadline, const std::stop_token& stop) {
  Mutex mutex;
  ConditionVariable stopped;
  const std::stop_callback wake(stop, [&] {
    const MutexLock lock(mutex);
    stopped.notify_all();
  });
  const Deadline until = deadline.no_later_than(wait);
  MutexLock lock(mutex);
  while (!stop.stop_requested() && !until.expired()) stopped.wait_until(mutex, until);
}

}  // namespace

Status await(const std::function<Result<bool>()>& seen, Deadline deadline, std::stop_token stop) {
  constexpr std::chrono::milliseconds kFirst{5};
  constexpr std::chrono::milliseconds kMost{100};
  auto wait = kFirst;
  while (true) {
    const auto answer = seen();
    if (answer && *answer) return {};
    if (stop.stop_requested()) {
      return Error{ErrorKind::kCancelled, "kafka.cancelled", "stopped while waiting", "", {}};
    }
    if (deadline.expired()) {
      if (!answer) return answer.error();
      return Error{ErrorKind::kTimeout, "kafka.not-visible",
                   "the change is not visible on the brokers yet", "look again in a few seconds", {}};
    }
    pause(wait, deadline, stop);
    wait = std::min(wait * 2, kMost);
  }
}

}  // namespace sluice::kafka
