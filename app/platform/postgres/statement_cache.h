// Which statements a connection has prepared, the least recently used making room. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace sluice::postgres {

class StatementCache {
 public:
  explicit StatementCache(std::size_t capacity) : capacity_(capacity) {}

  // The prepared statement's name.
  std::optional<std::string> find(const std::string& key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return std::nullopt;
    order_.splice(order_.begin(), order_, found->second);
    return found->second->second;
  }
  // Names are never used twice on a connection.
  std::string next_name() { return "s" + std::to_string(++last_); }
  // The name of the statement that had to make room: deallocate it.
  std::optional<std::string> insert(std::string key, std::string name) {
    std::optional<std::string> evicted;
    if (order_.size() >= capacity_) {
      evicted = std::move(order_.back().second);
      by_key_.erase(order_.back().first);
      order_.pop_back();
    }
    order_.emplace_front(key, std::move(name));
    by_key_[std::move(key)] = order_.begin();
    return evicted;
  }

 private:
  using Order = std::list<std::pair<std::string, std::string>>;  // most recent first
  std::size_t capacity_;
  std::uint64_t last_ = 0;
  Order order_;
  std::unordered_map<std::string, Order::iterator> by_key_;
};

}  // namespace sluice::postgres
