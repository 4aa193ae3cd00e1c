#include "platform/kafka/record.h"

namespace sluice::kafka {

std::optional<std::string_view> find_header(Headers headers, std::string_view name) {
  for (auto header = headers.rbegin(); header != headers.rend(); ++header) {
    if (header->name == name && header->value) return header->value;
  }
  return std::nullopt;
}

std::optional<trace::TraceContext> trace_of(Headers headers) {
  const auto value = find_header(headers, trace::kHeaderName);
  return value ? trace::TraceContext::parse(*value) : std::nullopt;
}

HeaderView trace_header(std::string_view text) { return {trace::kHeaderName, text}; }

}  // namespace sluice::kafka
