// Time comes in through a port, so that tests never wait. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

// Wall time in UTC, to the millisecond.
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override;
};

// For tests: stands still until told to move.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimePoint start) : now_(start) {}
  [[nodiscard]] TimePoint now() const override { return now_.load(); }
  void advance(std::chrono::milliseconds by) { now_ = now_.load() + by; }
  void set(TimePoint to) { now_ = to; }

 private:
  std::atomic<TimePoint> now_;
};

// "2026-11-21T09:15:31.042Z": always UTC, always milliseconds.
std::string format_rfc3339(TimePoint time);
// Accepts RFC 3339 with Z or an offset, with or without a fraction.
std::optional<TimePoint> parse_rfc3339(std::string_view text);

}  // namespace sluice
