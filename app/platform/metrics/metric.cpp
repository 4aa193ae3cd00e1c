// The metrics themselves and their families; registry.cpp holds the page.
#include <algorithm>
#include <cmath>

#include "platform/core/assert.h"
#include "platform/metrics/registry.h"

namespace sluice::metrics {
namespace {

void add_relaxed(std::atomic<double>& to, double by) {
  to.fetch_add(by, std::memory_order_relaxed);
}

}  // namespace

void Counter::inc(double by) noexcept {
  SLUICE_ASSERT(by >= 0);
  add_relaxed(value_, by);
}

void Gauge::add(double by) noexcept { add_relaxed(value_, by); }

Histogram::Histogram(std::vector<double> upper_bounds)
    : bounds_(std::move(upper_bounds)), counts_(bounds_.size() + 1) {
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    SLUICE_ASSERT(std::isfinite(bounds_[i]) && (i == 0 || bounds_[i - 1] < bounds_[i]));
  }
}

void Histogram::observe(double value) noexcept {
  if (std::isnan(value)) return;  // would make the sum unreadable for ever
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  add_relaxed(sum_, value);
}

std::uint64_t Histogram::cumulative(std::size_t i) const noexcept {
  std::uint64_t total = 0;
  for (std::size_t bucket = 0; bucket <= i && bucket < counts_.size(); ++bucket) {
    total += counts_[bucket].load(std::memory_order_relaxed);
  }
  return total;
}

template <typename Metric>
Family<Metric>::Family(std::vector<std::string> label_names,
                       std::function<std::unique_ptr<Metric>()> make)
    : label_names_(std::move(label_names)), make_(std::move(make)) {}

template <typename Metric>
Metric& Family<Metric>::with(std::initializer_list<std::string_view> label_values) {
  SLUICE_ASSERT(label_values.size() == label_names_.size());
  MutexLock lock(mutex_);
  if (const auto found = children_.find(label_values); found != children_.end())
    return *found->second;
  std::vector<std::string> key(label_values.begin(), label_values.end());
  // Label values can come from outside (a route, a topic): whoever invents a million of them must
  // not own our memory. The last place is kept for "other".
  if (children_.size() + 1 >= kMaxChildren) key.assign(label_names_.size(), "other");
  auto& child = children_[std::move(key)];
  if (child == nullptr) child = make_();
  return *child;
}

template <typename Metric>
void Family<Metric>::each(
    const std::function<void(const std::vector<std::string>&, const Metric&)>& visit) const {
  MutexLock lock(mutex_);
  for (const auto& [label_values, child] : children_) visit(label_values, *child);
}

template class Family<Counter>;
template class Family<Gauge>;
template class Family<Histogram>;

}  // namespace sluice::metrics
