// A bounded map from SHA-256 digests to values; the least recently found entry makes room for a new
// one. Sharded, so that I/O threads rarely meet on one lock, which is held for a look-up only.
// Thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <list>
#include <optional>
#include <unordered_map>
#include <utility>

#include "platform/core/mutex.h"

namespace sluice::auth {

using Digest = std::array<unsigned char, 32>;

struct DigestHash {
  std::size_t operator()(const Digest& digest) const noexcept {
    std::size_t hash = 0;  // a digest's bytes are as good as any hash of them
    std::memcpy(&hash, digest.data() + 1, sizeof hash);
    return hash;
  }
};

template <typename Value>
class DigestCache {
 public:
  // `capacity` is shared out evenly among the shards, at least one entry each.
  explicit DigestCache(std::size_t capacity)
      : per_shard_(std::max<std::size_t>(1, capacity / kShards)) {}

  std::optional<Value> find(const Digest& key) {
    Shard& shard = shard_of(key);
    MutexLock lock(shard.mutex);
    const auto found = shard.index.find(key);
    if (found == shard.index.end()) return std::nullopt;
    shard.order.splice(shard.order.begin(), shard.order, found->second);
    return found->second->second;
  }

  void put(const Digest& key, Value value) {
    Shard& shard = shard_of(key);
    MutexLock lock(shard.mutex);
    if (const auto found = shard.index.find(key); found != shard.index.end()) {
      found->second->second = std::move(value);
      shard.order.splice(shard.order.begin(), shard.order, found->second);
      return;
    }
    if (shard.order.size() >= per_shard_) {
      shard.index.erase(shard.order.back().first);
      shard.order.pop_back();
    }
    shard.order.emplace_front(key, std::move(value));
    shard.index.emplace(key, shard.order.begin());
  }

  void erase(const Digest& key) {
    Shard& shard = shard_of(key);
    MutexLock lock(shard.mutex);
    const auto found = shard.index.find(key);
    if (found == shard.index.end()) return;
    shard.order.erase(found->second);
    shard.index.erase(found);
  }

  [[nodiscard]] std::size_t size() const {
    std::size_t total = 0;
    for (const Shard& shard : shards_) {
      MutexLock lock(shard.mutex);
      total += shard.order.size();
    }
    return total;
  }

 private:
  static constexpr std::size_t kShards = 16;
  using Order = std::list<std::pair<Digest, Value>>;  // most recently found first

  struct Shard {
    mutable Mutex mutex;
    Order order SLUICE_GUARDED_BY(mutex);
    std::unordered_map<Digest, typename Order::iterator, DigestHash> index SLUICE_GUARDED_BY(mutex);
  };

  Shard& shard_of(const Digest& key) { return shards_[key[0] % kShards]; }

  const std::size_t per_shard_;
  std::array<Shard, kShards> shards_;
};

}  // namespace sluice::auth
