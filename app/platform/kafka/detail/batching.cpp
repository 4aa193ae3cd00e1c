#include "platform/kafka/detail/batching.h"

namespace sluice::kafka::detail {

std::vector<Batch> split_batches(std::span<const ItemCost> costs, const BatchLimits& limits) {
  std::vector<Batch> batches;
  ItemCost sum;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const bool fits = !batches.empty() && i - batches.back().begin < limits.items &&
                      sum.partitions + costs[i].partitions <= limits.partitions &&
                      sum.records + costs[i].records <= limits.records;
    if (!fits) {
      batches.push_back({i, i});
      sum = {};
    }
    batches.back().end = i + 1;
    sum.partitions += costs[i].partitions;
    sum.records += costs[i].records;
  }
  return batches;
}

}  // namespace sluice::kafka::detail
