// Sends unexpected errors to Sentry: what is logged at level error. Whoever logs only leaves a finished
// envelope in a bounded queue; a loop posts them. Alike events go out once a minute with the number of
// the others, all together at most so many a minute; what is too much is counted, not sent. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "platform/core/bounded_queue.h"
#include "platform/core/clock.h"
#include "platform/core/mutex.h"
#include "platform/core/supervised_loop.h"
#include "platform/http/client.h"
#include "platform/log/line_format.h"
#include "platform/sentry/dsn.h"
#include "platform/sentry/envelope.h"
#include "platform/sentry/scrubber.h"

namespace sluice::sentry {

struct ReporterOptions {
  Dsn dsn;
  std::string environment;
  std::string release;
  std::string server_name;
  std::vector<std::string> secrets;  // never leave, wherever they stand
};

class Reporter final : public log::ErrorWatcher {
 public:
  struct Counts {
    std::uint64_t sent = 0;
    std::uint64_t failed = 0;      // not taken by Sentry; gone
    std::uint64_t dropped = 0;     // the queue was full
    std::uint64_t suppressed = 0;  // too many, or alike
  };

  Reporter(ReporterOptions options, const Clock& clock);

  void on_error(const log::Entry& entry) override;
  // Posts what is waiting, one a step; waits up to a second for the next.
  Result<StepOutcome> run_once();
  // No more is taken, so that the loop's wait ends.
  void close() { queue_.close(); }
  [[nodiscard]] Counts counts() const;

 private:
  struct Seen {
    TimePoint sent_at;
    std::uint64_t suppressed = 0;
  };
  // How many alike went unsent before this one; nothing when this one is to go unsent, too.
  std::optional<std::uint64_t> admit(const log::Entry& entry) SLUICE_EXCLUDES(mutex_);
  Status post(std::string envelope);

  const ReporterOptions options_;
  const Clock& clock_;
  const Scrubber scrubber_;
  http::Client client_;
  BoundedQueue<std::string> queue_;
  Deadline paused_until_ = Deadline::after(std::chrono::milliseconds{0});  // the loop's own

  Mutex mutex_;
  std::map<std::pair<std::string, std::string>, Seen> seen_ SLUICE_GUARDED_BY(mutex_);  // module, message
  TimePoint window_began_ SLUICE_GUARDED_BY(mutex_);
  int in_window_ SLUICE_GUARDED_BY(mutex_) = 0;

  std::atomic<std::uint64_t> sent_{0};
  std::atomic<std::uint64_t> failed_{0};
  std::atomic<std::uint64_t> dropped_{0};
  std::atomic<std::uint64_t> suppressed_{0};
};

}  // namespace sluice::sentry
