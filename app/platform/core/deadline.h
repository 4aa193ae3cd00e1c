// A point on the steady clock by which something must have happened. Every wait takes one.
#pragma once

#include <algorithm>
#include <chrono>

namespace sluice {

class Deadline {
 public:
  using SteadyClock = std::chrono::steady_clock;

  static Deadline after(std::chrono::milliseconds wait) { return Deadline{SteadyClock::now() + wait}; }
  static Deadline at(SteadyClock::time_point when) { return Deadline{when}; }

  [[nodiscard]] bool expired() const { return SteadyClock::now() >= when_; }
  // Never negative; rounded up so that a caller polling with it does not spin.
  [[nodiscard]] std::chrono::milliseconds remaining() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(when_ - SteadyClock::now());
    return std::max(left, std::chrono::milliseconds{0});
  }
  [[nodiscard]] SteadyClock::time_point time() const { return when_; }
  // The earlier of this one and `wait` from now.
  [[nodiscard]] Deadline no_later_than(std::chrono::milliseconds wait) const {
    return Deadline{std::min(when_, SteadyClock::now() + wait)};
  }

 private:
  explicit Deadline(SteadyClock::time_point when) : when_(when) {}
  SteadyClock::time_point when_;
};

}  // namespace sluice
