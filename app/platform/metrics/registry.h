// Counters, gauges and histograms in Prometheus' text format. A family has a fixed set of label
// names; a child is made on first use and lives as long as the registry, so references to it may be
// kept. Thread-safe; increments take no lock. At most kMaxChildren label sets a family: the rest is
// counted in one child whose label values are all "other".
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/mutex.h"

namespace sluice::metrics {

class Counter {
 public:
  void inc(double by = 1) noexcept;  // by ≥ 0
  [[nodiscard]] double value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

class Gauge {
 public:
  void set(double value) noexcept { value_.store(value, std::memory_order_relaxed); }
  void add(double by) noexcept;
  [[nodiscard]] double value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

class Histogram {
 public:
  explicit Histogram(std::vector<double> upper_bounds);
  void observe(double value) noexcept;
  [[nodiscard]] const std::vector<double>& bounds() const { return bounds_; }
  // Cumulative count up to bounds()[i]; i == bounds().size() is the total.
  [[nodiscard]] std::uint64_t cumulative(std::size_t i) const noexcept;
  [[nodiscard]] double sum() const noexcept { return sum_.load(std::memory_order_relaxed); }

 private:
  std::vector<double> bounds_;
  std::deque<std::atomic<std::uint64_t>> counts_;
  std::atomic<double> sum_{0};
};

inline constexpr std::size_t kMaxChildren = 1000;

namespace internal {
// Finds a child without building its key.
struct LabelValuesLess {
  using is_transparent = void;
  template <typename A, typename B>
  bool operator()(const A& a, const B& b) const {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  }
};
}  // namespace internal

template <typename Metric>
class Family {
 public:
  Family(std::vector<std::string> label_names, std::function<std::unique_ptr<Metric>()> make);
  // `label_values` in the order of the label names; the count must match.
  Metric& with(std::initializer_list<std::string_view> label_values) SLUICE_EXCLUDES(mutex_);
  void each(const std::function<void(const std::vector<std::string>& label_values, const Metric&)>&
                visit) const SLUICE_EXCLUDES(mutex_);
  [[nodiscard]] const std::vector<std::string>& label_names() const { return label_names_; }

 private:
  std::vector<std::string> label_names_;
  std::function<std::unique_ptr<Metric>()> make_;
  mutable Mutex mutex_;
  std::map<std::vector<std::string>, std::unique_ptr<Metric>, internal::LabelValuesLess> children_
      SLUICE_GUARDED_BY(mutex_);
};

class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // The same name again returns the same family; another kind or other labels under one name is a
  // broken invariant.
  Family<Counter>& counter(std::string_view name, std::string_view help,
                           std::vector<std::string> labels = {});
  Family<Gauge>& gauge(std::string_view name, std::string_view help,
                       std::vector<std::string> labels = {});
  Family<Histogram>& histogram(std::string_view name, std::string_view help,
                               std::vector<double> upper_bounds,
                               std::vector<std::string> labels = {});
  // `read` is called at every scrape, by any thread; it must not block. A name is registered once.
  void gauge_callback(std::string_view name, std::string_view help, std::function<double()> read);
  // Like gauge_callback, for a value that only grows.
  void counter_callback(std::string_view name, std::string_view help, std::function<double()> read);

  // The whole page, families in the order of their names; byte-stable for equal values.
  [[nodiscard]] std::string render() const;
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::metrics
