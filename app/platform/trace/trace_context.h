// W3C trace context (version 00): the `traceparent` header in and out of HTTP and Kafka, and the
// trace id in logs. Value type.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::trace {

inline constexpr std::string_view kHeaderName = "traceparent";

struct TraceContext {
  std::string trace_id;   // 32 lower-case hex digits, not all zero
  std::string parent_id;  // 16 lower-case hex digits, not all zero
  bool sampled = false;

  static std::optional<TraceContext> parse(std::string_view traceparent);
  static TraceContext generate();            // a new trace, sampled
  [[nodiscard]] TraceContext child() const;  // same trace, a new parent id
  [[nodiscard]] std::string to_header() const;
  bool operator==(const TraceContext&) const = default;
};

// What a caller sent, if it is valid, as our own span's context; else a new trace.
TraceContext continue_or_generate(std::string_view traceparent);

}  // namespace sluice::trace
