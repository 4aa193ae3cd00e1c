#pragma once

#include <vector>

#include "platform/kafka/consumer.h"
#include "platform/kafka/detail/handles.h"

namespace sluice::kafka {

// librdkafka's messages and the views of them.
struct RecordBatch::Storage {
  explicit Storage(std::vector<detail::MessageHandle> owned);

  std::vector<detail::MessageHandle> messages;
  std::vector<HeaderView> headers;  // of all records, in their order
  std::vector<Record> records;
};

}  // namespace sluice::kafka
