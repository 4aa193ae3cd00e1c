// At most `max` requests in each `window` for one key; a key's window opens with its first request.
// Keeps a bounded number of keys: beyond it, new keys share one. Time is injected. Thread-safe.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "platform/core/mutex.h"
#include "platform/http/limits.h"

namespace sluice::http {

class RateLimiter {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Options {
    std::uint32_t max = 600;
    std::chrono::milliseconds window{60'000};
    std::size_t keys = limits::kRateLimiterKeys;
  };
  explicit RateLimiter(Options options) : options_(options) {}

  struct Decision {
    bool allowed = true;
    std::uint32_t remaining = 0;
    std::chrono::milliseconds retry_after{0};  // when refused: until the window closes
  };
  Decision take(std::string_view key, Time now);
  // What take() would refuse now with; counts nothing.
  [[nodiscard]] Decision look(std::string_view key, Time now);
  [[nodiscard]] const Options& options() const { return options_; }

 private:
  struct Window {
    Time opened;
    std::uint32_t used = 0;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct Shard {
    Mutex mutex;
    std::unordered_map<std::string, Window, Hash, std::equal_to<>> windows SLUICE_GUARDED_BY(mutex);
  };
  Window& window_of(Shard& shard, std::string_view key, Time now) SLUICE_REQUIRES(shard.mutex);

  static constexpr std::size_t kShards = 16;
  Options options_;
  std::array<Shard, kShards> shards_;
};

}  // namespace sluice::http
