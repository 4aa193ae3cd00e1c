// The bookkeeping of a call on a list: which items have their result, which must still be asked.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "platform/kafka/admin.h"
#include "platform/kafka/detail/errors.h"

namespace sluice::kafka::detail {

template <typename T>
class ItemCall {
 public:
  // Empty names and names that come twice get their result here: librdkafka or the broker would fail
  // a whole request because of one, or leave null entries in its answer.
  ItemCall(std::string_view api, std::vector<std::string> names)
      : api_(api), names_(std::move(names)), results_(names_.size()) {
    std::unordered_map<std::string_view, int> times;
    for (const auto& name : names_) ++times[name];
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i].empty()) {
        results_[i] = errors::invalid_argument("the name is empty");
      } else if (times[names_[i]] > 1) {
        results_[i] = errors::duplicate_item(names_[i]);
      } else {
        index_.emplace(names_[i], i);
      }
    }
  }

  [[nodiscard]] std::string_view api() const { return api_; }
  [[nodiscard]] const std::string& name(std::size_t item) const { return names_[item]; }

  [[nodiscard]] std::vector<std::size_t> unanswered() const {
    std::vector<std::size_t> items;
    for (std::size_t i = 0; i < results_.size(); ++i) {
      if (!results_[i]) items.push_back(i);
    }
    return items;
  }

  void answer(std::size_t item, Result<T> result) { results_[item] = std::move(result); }
  // A name that was not asked for is ignored.
  void answer(std::string_view name, Result<T> result) {
    if (const auto found = index_.find(name); found != index_.end()) {
      results_[found->second] = std::move(result);
    }
  }
  // Every item of `items` that has no result yet.
  void fail(std::span<const std::size_t> items, const Error& error) {
    for (const auto item : items) {
      if (!results_[item]) results_[item] = error;
    }
  }

  ItemResults<T> take() && {
    ItemResults<T> taken;
    taken.reserve(results_.size());
    for (std::size_t i = 0; i < results_.size(); ++i) {
      if (!results_[i]) results_[i] = errors::no_answer(api_, names_[i]);
      taken.push_back(std::move(*results_[i]));
    }
    return taken;
  }

 private:
  std::string_view api_;
  std::vector<std::string> names_;
  std::vector<std::optional<Result<T>>> results_;
  std::unordered_map<std::string_view, std::size_t> index_;  // views of names_
};

}  // namespace sluice::kafka::detail
