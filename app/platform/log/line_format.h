// How a log entry becomes one line. Pure. Whatever the text holds, the line is valid UTF-8 without
// control characters, and no value is longer than kMaxValueBytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/clock.h"
#include "platform/log/logger.h"

namespace sluice::log {

inline constexpr std::size_t kMaxValueBytes = 8 * 1024;

struct Entry {
  TimePoint time;
  Level level = Level::kInfo;
  std::string_view module;
  std::string_view message;
  std::vector<const Field*> fields;  // names are unique
};

std::string format_json(const Entry& entry);
// "09:15:31.042 info  kafka: connected  broker=1 rack=\"a b\""
std::string format_human(const Entry& entry);

}  // namespace sluice::log
