// The port that finds audit records. Thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "audit/domain/record_filter.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::audit::domain {

class RecordRepository {
 public:
  virtual ~RecordRepository() = default;
  // At most `limit`; fewer: there are no more.
  virtual Result<std::vector<Record>> page(const RecordFilter& filter, RecordOrder order,
                                           const std::optional<RecordPlace>& after, std::size_t limit,
                                           Deadline deadline) = 0;
};

}  // namespace sluice::audit::domain
