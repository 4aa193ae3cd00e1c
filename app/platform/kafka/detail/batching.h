// How a long list is cut into requests that the broker takes. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sluice::kafka::detail {

// One broker request has one fate: more than 10,000 partitions or 10,000 metadata records fail every
// item of it, also under validate_only.
struct BatchLimits {
  std::size_t items = 500;
  std::size_t partitions = 10'000;
  std::size_t records = 10'000;
};

struct ItemCost {
  std::size_t partitions = 0;
  std::size_t records = 0;
};

struct Batch {
  std::size_t begin = 0;  // of the caller's list
  std::size_t end = 0;    // one past the last

  bool operator==(const Batch&) const = default;
};

// In order, without gaps; each as long as the limits allow. An item that breaks a limit by itself
// gets a batch by itself: the broker says what is wrong with it.
std::vector<Batch> split_batches(std::span<const ItemCost> costs, const BatchLimits& limits);

}  // namespace sluice::kafka::detail
