// Local dates as points in time, from the system's time zone files (TZif, RFC 8536): this compiler's
// library knows no zones, and localtime would change the whole process. Immutable; thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/clock.h"
#include "platform/core/result.h"

namespace sluice::governance::infrastructure {

class TimeZone {
 public:
  // "UTC" needs no file. kInvalid "timezone.unknown" when the system has no such zone.
  static Result<TimeZone> load(const std::string& name);

  // The first moment of the day there. kInvalid "timezone.too-far" after the last change that the
  // zone's file lists, in a zone whose clocks go on changing.
  [[nodiscard]] Result<TimePoint> start_of(std::chrono::year_month_day day) const;

 private:
  struct Change {
    std::int64_t from_s = 0;  // UTC
    std::int32_t offset_s = 0;
  };
  static Result<TimeZone> parse(const std::string& name, std::string_view file);
  [[nodiscard]] std::int32_t offset_at(std::int64_t utc_s) const;

  std::vector<Change> changes_;   // by time
  std::int32_t first_offset_s_ = 0;
  bool goes_on_changing_ = false;  // after the last of them
};

}  // namespace sluice::governance::infrastructure
