#include "governance/infrastructure/policy/time_zone.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "platform/core/text.h"

namespace sluice::governance::infrastructure {
namespace {

constexpr std::string_view kFolder = "/usr/share/zoneinfo/";
constexpr std::size_t kMaxFile = 1024 * 1024;
constexpr std::size_t kHeader = 44;
constexpr std::size_t kTypeBytes = 6;

Error unknown(const std::string& name) {
  return {ErrorKind::kInvalid, "timezone.unknown",
          fmt::format("there is no time zone \"{}\" on this system", printable(name, 64)),
          "write it like Europe/Berlin or UTC, and have the package tzdata installed", {}};
}

bool is_zone_name(std::string_view name) {
  const bool characters = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '+' ||
           c == '-' || c == '/';
  });
  return characters && !name.empty() && name.size() <= 64 && name.front() != '/';
}

// Big-endian and signed, as everything in the file.
std::int64_t number(std::string_view bytes) {
  std::uint64_t value = (static_cast<unsigned char>(bytes.front()) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
  for (const char byte : bytes) value = (value << 8U) | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(value);
}

struct Counts {
  std::size_t utc_marks;
  std::size_t standard_marks;
  std::size_t leap_seconds;
  std::size_t changes;
  std::size_t types;
  std::size_t letters;

  [[nodiscard]] std::size_t bytes(std::size_t time_bytes) const {
    return changes * (time_bytes + 1) + types * kTypeBytes + letters + leap_seconds * (time_bytes + 4) +
           standard_marks + utc_marks;
  }
};

std::optional<Counts> read_counts(std::string_view file) {
  if (file.size() < kHeader || !file.starts_with("TZif")) return std::nullopt;
  const auto count = [&](std::size_t index) {
    return static_cast<std::size_t>(number(file.substr(20 + 4 * index, 4)));
  };
  const Counts counts{count(0), count(1), count(2), count(3), count(4), count(5)};
  const auto most = std::max({counts.utc_marks, counts.standard_marks, counts.leap_seconds, counts.changes,
                              counts.types, counts.letters});
  if (most > kMaxFile || counts.types == 0) return std::nullopt;
  return counts;
}

}  // namespace

// The file holds everything twice: with 32-bit times for old readers, then with 64-bit ones.
Result<TimeZone> TimeZone::parse(const std::string& name, std::string_view file) {
  const auto old = read_counts(file);
  if (!old || file[4] < '2') return unknown(name);
  const std::size_t second = kHeader + old->bytes(4);
  if (file.size() < second) return unknown(name);
  file.remove_prefix(second);
  const auto counts = read_counts(file);
  if (!counts || file.size() < kHeader + counts->bytes(8)) return unknown(name);
  const std::string_view times = file.substr(kHeader);
  const std::string_view indices = times.substr(counts->changes * 8);
  const std::string_view types = indices.substr(counts->changes);
  const auto offset = [&](std::size_t type) {
    return static_cast<std::int32_t>(number(types.substr(type * kTypeBytes, 4)));
  };
  TimeZone zone;
  zone.first_offset_s_ = offset(0);
  for (std::size_t i = 0; i < counts->changes; ++i) {
    const auto type = static_cast<unsigned char>(indices[i]);
    if (type >= counts->types) return unknown(name);
    zone.changes_.push_back({number(times.substr(i * 8, 8)), offset(type)});
  }
  // What follows is how the clocks go on: a rule with dates has a comma ("CET-1CEST,M3.5.0,M10.5.0/3").
  zone.goes_on_changing_ = file.substr(kHeader + counts->bytes(8)).find(',') != std::string_view::npos;
  return zone;
}

Result<TimeZone> TimeZone::load(const std::string& name) {
  if (name == "UTC") return TimeZone();
  if (!is_zone_name(name)) return unknown(name);
  std::ifstream stream(std::string(kFolder) + name, std::ios::binary);
  std::string file(kMaxFile, '\0');
  stream.read(file.data(), static_cast<std::streamsize>(file.size()));
  file.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, stream.gcount())));
  return parse(name, file);
}

std::int32_t TimeZone::offset_at(std::int64_t utc_s) const {
  const auto after = std::upper_bound(changes_.begin(), changes_.end(), utc_s,
                                      [](std::int64_t time, const Change& change) { return time < change.from_s; });
  return after == changes_.begin() ? first_offset_s_ : std::prev(after)->offset_s;
}

Result<TimePoint> TimeZone::start_of(std::chrono::year_month_day day) const {
  const auto local = std::chrono::sys_seconds(std::chrono::sys_days(day)).time_since_epoch().count();
  if (goes_on_changing_ && !changes_.empty() && local > changes_.back().from_s) {
    return Error{ErrorKind::kInvalid, "timezone.too-far", "the time zone's file does not reach so far",
                 "write the moment with its offset: 2040-01-31T00:00:00+01:00", {}};
  }
  // Within a day of a change the first guess can have the other offset; the second has the right one.
  const std::int64_t guess = local - offset_at(local);
  return TimePoint(std::chrono::seconds(local - offset_at(guess)));
}

}  // namespace sluice::governance::infrastructure
