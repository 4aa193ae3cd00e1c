// New ids come in through a port. UUIDv7: sortable by time of creation. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "platform/core/clock.h"

namespace sluice {

class IdSource {
 public:
  virtual ~IdSource() = default;
  virtual std::string next_uuid() = 0;  // lower case, with dashes
};

// RFC 9562 UUIDv7 from the clock and OpenSSL's random bytes; within one millisecond a counter keeps
// the order in which one process handed them out.
class UuidV7Source final : public IdSource {
 public:
  explicit UuidV7Source(const Clock& clock) : clock_(clock) {}
  std::string next_uuid() override;

 private:
  const Clock& clock_;
  std::atomic<std::uint64_t> last_{0};  // milliseconds << 12 | counter
};

// For tests: 00000000-0000-7000-8000-000000000001, …2, …3
class SequentialIdSource final : public IdSource {
 public:
  std::string next_uuid() override;

 private:
  std::atomic<std::uint64_t> next_{1};
};

bool is_uuid(std::string_view text);
// `bytes` random bytes as lower-case hex; for ids and secrets.
std::string random_hex(std::size_t bytes);

}  // namespace sluice
