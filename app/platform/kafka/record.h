// Records and their headers, as views: who owns the bytes is said where a view is handed out.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "platform/core/clock.h"
#include "platform/trace/trace_context.h"

namespace sluice::kafka {

// Names may repeat; an absent value is Kafka's null.
struct HeaderView {
  std::string_view name;
  std::optional<std::string_view> value;

  bool operator==(const HeaderView&) const = default;
};

using Headers = std::span<const HeaderView>;

struct RecordToSend {
  std::string_view topic;
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;  // absent: a tombstone
  Headers headers{};
  std::optional<std::int32_t> partition{};  // absent: by the key's hash
  std::optional<TimePoint> timestamp{};     // absent: now
};

struct Record {
  std::string_view topic;
  std::int32_t partition = -1;
  std::int64_t offset = -1;
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;  // absent: a tombstone
  std::optional<TimePoint> timestamp;
  Headers headers;
};

// The last header of that name that has a value.
std::optional<std::string_view> find_header(Headers headers, std::string_view name);

// The trace context that came with a record, if its header is valid.
std::optional<trace::TraceContext> trace_of(Headers headers);

// The W3C header to send with a record; a view into `text`, which holds trace.to_header().
HeaderView trace_header(std::string_view text);

}  // namespace sluice::kafka
