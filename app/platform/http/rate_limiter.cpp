#include "platform/http/rate_limiter.h"

#include <algorithm>

namespace sluice::http {

RateLimiter::Decision RateLimiter::take(std::string_view key, Time now) {
  Shard& shard = shards_[Hash{}(key) % kShards];
  MutexLock lock(shard.mutex);
  Window& window = window_of(shard, key, now);
  if (now - window.opened >= options_.window) window = Window{now, 0};
  if (window.used >= options_.max) {
    const auto left = window.opened + options_.window - now;
    return {false, 0, std::chrono::ceil<std::chrono::milliseconds>(left)};
  }
  ++window.used;
  return {true, options_.max - window.used, std::chrono::milliseconds{0}};
}

RateLimiter::Decision RateLimiter::look(std::string_view key, Time now) {
  Shard& shard = shards_[Hash{}(key) % kShards];
  MutexLock lock(shard.mutex);
  const auto found = shard.windows.find(key);
  if (found == shard.windows.end() || now - found->second.opened >= options_.window) return {true, options_.max, {}};
  const Window& window = found->second;
  const auto left = window.opened + options_.window - now;
  if (window.used >= options_.max) return {false, 0, std::chrono::ceil<std::chrono::milliseconds>(left)};
  return {true, options_.max - window.used, std::chrono::milliseconds{0}};
}

// Makes room by dropping windows that have closed; when all are open, newcomers share one window, so
// that a flood of new keys neither grows the table nor resets anybody's count.
RateLimiter::Window& RateLimiter::window_of(Shard& shard, std::string_view key, Time now) {
  if (const auto found = shard.windows.find(key); found != shard.windows.end()) return found->second;
  const std::size_t room = std::max<std::size_t>(1, options_.keys / kShards);
  if (shard.windows.size() >= room)
    std::erase_if(shard.windows, [&](const auto& entry) { return now - entry.second.opened >= options_.window; });
  if (shard.windows.size() >= room) return shard.windows.try_emplace("", Window{now, 0}).first->second;
  return shard.windows.try_emplace(std::string(key), Window{now, 0}).first->second;
}

}  // namespace sluice::http
