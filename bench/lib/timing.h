// How long a piece of work takes, and the middle of several times.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

namespace sluice::bench {

inline double milliseconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

inline double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace sluice::bench
