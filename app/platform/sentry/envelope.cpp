#include "platform/sentry/envelope.h"

#include <fmt/format.h>

#include <type_traits>

#include "platform/core/json.h"
#include "platform/core/text.h"

namespace sluice::sentry {
namespace {

constexpr std::size_t kMostText = 4'000;

std::string value_text(const log::Value& value) {
  return std::visit(
      [](const auto& one) -> std::string {
        if constexpr (std::is_same_v<std::decay_t<decltype(one)>, std::string>) return one;
        else return fmt::format("{}", one);
      },
      value);
}

bool is_tag(std::string_view name) {
  return name == "code" || name == "route" || name == "loop" || name == "request_id" || name == "component";
}

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json event_of(const log::Entry& entry, const EventContext& context, const Scrubber& scrubber) {
  const std::string message = printable(scrubber.text(entry.message), kMostText);
  Json tags = Json::object();
  Json extra = Json::object();
  std::string trace_id;
  for (const log::Field* field : entry.fields) {
    const std::string text = printable(scrubber.field(field->name, value_text(field->value)), kMostText);
    if (field->name == "trace_id") trace_id = text;
    (is_tag(field->name) ? tags : extra)[field->name] = text;
  }
  if (context.suppressed > 0) extra["suppressed_alike"] = context.suppressed;
  Json event{{"event_id", context.event_id},
             {"timestamp", format_rfc3339(entry.time)},
             {"platform", "native"},
             {"level", "error"},
             {"logger", entry.module},
             {"message", {{"formatted", message}}},
             {"environment", context.environment},
             {"release", context.release},
             {"server_name", context.server_name},
             {"tags", std::move(tags)},
             {"extra", std::move(extra)},
             {"fingerprint", Json::array({std::string(entry.module), message})}};
  if (trace_id.size() == 32) event["contexts"] = {{"trace", {{"trace_id", trace_id}, {"span_id", trace_id.substr(0, 16)}}}};
  return event;
}

}  // namespace

std::string make_envelope(const log::Entry& entry, const EventContext& context, const Scrubber& scrubber) {
  const std::string event = dump(event_of(entry, context, scrubber));
  const std::string head = dump({{"event_id", context.event_id}, {"sent_at", format_rfc3339(entry.time)}});
  const std::string item = dump({{"type", "event"}, {"content_type", "application/json"}, {"length", event.size()}});
  return head + "\n" + item + "\n" + event + "\n";
}

}  // namespace sluice::sentry
