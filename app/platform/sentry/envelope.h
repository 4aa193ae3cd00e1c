// One log entry as a Sentry event in its envelope. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "platform/log/line_format.h"
#include "platform/sentry/scrubber.h"

namespace sluice::sentry {

struct EventContext {
  std::string event_id;  // 32 hex digits
  std::string environment;
  std::string release;
  std::string server_name;
  std::uint64_t suppressed = 0;  // alike, since the last one that was sent
};

std::string make_envelope(const log::Entry& entry, const EventContext& context, const Scrubber& scrubber);

}  // namespace sluice::sentry
