// One dependency, looked at again and again: its last answer, and since when. run_once() is called
// by one thread and may block as long as the check does; state() is for any thread and never
// blocks.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "platform/core/clock.h"
#include "platform/core/deadline.h"
#include "platform/core/mutex.h"
#include "platform/core/result.h"

namespace sluice::tasks {

enum class Need : std::uint8_t {
  kRequired,  // while it fails, the process is not ready
  kOptional,  // reported only
};

struct Check {
  std::string name;  // "postgres", "kafka"
  Need need = Need::kRequired;
  // The error's message and fix are shown at /health/ready: no secrets. Returns soon after the
  // deadline; one that doesn't is reported as "no answer", and holds up nothing but its own thread
  // until the process stops.
  std::function<Status(Deadline)> run;
  std::chrono::milliseconds deadline{2'000};
  std::chrono::milliseconds every{2'000};
};

enum class CheckStatus : std::uint8_t { kUnknown, kOk, kFailing, kNoAnswer };
std::string_view to_string(CheckStatus status);  // "unknown", "ok", "failing", "no-answer"

struct CheckState {
  std::string name;
  Need need = Need::kRequired;
  CheckStatus status = CheckStatus::kUnknown;
  std::string message;
  std::string fix;
  TimePoint since;  // when this began; for a failure, when the failed look began
  std::optional<TimePoint> last_checked_at;  // when the last answer came

  bool operator==(const CheckState&) const = default;
};

class HealthCheck {
 public:
  HealthCheck(Check check, const Clock& clock);

  // Looks once. The state, if it is another than before.
  std::optional<CheckState> run_once() SLUICE_EXCLUDES(mutex_);
  [[nodiscard]] CheckState state() const SLUICE_EXCLUDES(mutex_);
  [[nodiscard]] const Check& check() const { return check_; }

 private:
  void record(const Status& answer, TimePoint began, TimePoint now) SLUICE_REQUIRES(mutex_);

  const Check check_;
  const Clock& clock_;
  mutable Mutex mutex_;
  CheckState last_ SLUICE_GUARDED_BY(mutex_);
  std::optional<TimePoint> running_since_ SLUICE_GUARDED_BY(mutex_);
};

}  // namespace sluice::tasks
