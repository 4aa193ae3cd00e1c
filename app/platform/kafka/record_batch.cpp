#include "platform/kafka/detail/record_storage.h"

namespace sluice::kafka {

namespace {

std::optional<std::string_view> bytes(const void* data, std::size_t size) {
  if (data == nullptr) return std::nullopt;
  return std::string_view(static_cast<const char*>(data), size);
}

std::optional<TimePoint> timestamp_of(const rd_kafka_message_t& message) {
  rd_kafka_timestamp_type_t type{};
  const auto milliseconds = rd_kafka_message_timestamp(&message, &type);
  if (type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE) return std::nullopt;
  return TimePoint(std::chrono::milliseconds(milliseconds));
}

// Appends the message's headers; the count of them.
std::size_t append_headers(const rd_kafka_message_t& message, std::vector<HeaderView>& to) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return 0;
  std::size_t count = 0;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  while (rd_kafka_header_get_all(headers, count, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    to.push_back({name, bytes(value, size)});
    ++count;
  }
  return count;
}

}  // namespace

RecordBatch::Storage::Storage(std::vector<detail::MessageHandle> owned) : messages(std::move(owned)) {
  std::vector<std::size_t> header_counts;
  header_counts.reserve(messages.size());
  records.reserve(messages.size());
  for (const auto& message : messages) {
    header_counts.push_back(append_headers(*message, headers));
    records.push_back({rd_kafka_topic_name(message->rkt), message->partition, message->offset,
                       bytes(message->key, message->key_len), bytes(message->payload, message->len),
                       timestamp_of(*message), {}});
  }
  // Only now do the headers stay where they are.
  const HeaderView* next = headers.data();
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].headers = {next, header_counts[i]};
    next += header_counts[i];
  }
}

RecordBatch::RecordBatch(std::unique_ptr<Storage> storage) : storage_(std::move(storage)) {}
RecordBatch::~RecordBatch() = default;
RecordBatch::RecordBatch(RecordBatch&&) noexcept = default;
RecordBatch& RecordBatch::operator=(RecordBatch&&) noexcept = default;

std::span<const Record> RecordBatch::records() const { return storage_->records; }

}  // namespace sluice::kafka
