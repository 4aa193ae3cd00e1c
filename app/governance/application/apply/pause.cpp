#include "governance/application/apply/pause.h"

#include "platform/core/deadline.h"
#include "platform/core/mutex.h"

namespace sluice::governance::application {

void pause(std::chrono::milliseconds wait, const std::stop_token& stop) {
  Mutex mutex;
  ConditionVariable stopped;
  const std::stop_callback wake(stop, [&] {
    const MutexLock lock(mutex);
    stopped.notify_all();
  });
  const Deadline until = Deadline::after(wait);
  MutexLock lock(mutex);
  while (!stop.stop_requested() && !until.expired()) stopped.wait_until(mutex, until);
}

}  // namespace sluice::governance::application
