// A string that knows what it names: a ChangeId cannot be passed where a TopicName is expected.
//   struct TopicNameTag; using TopicName = StrongId<TopicNameTag>;
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace sluice {

template <typename Tag>
class StrongId {
 public:
  StrongId() = default;
  explicit StrongId(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] const std::string& str() const noexcept { return text_; }
  [[nodiscard]] std::string_view view() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

  auto operator<=>(const StrongId&) const = default;
  bool operator==(const StrongId&) const = default;

 private:
  std::string text_;
};

}  // namespace sluice

template <typename Tag>
struct std::hash<sluice::StrongId<Tag>> {
  std::size_t operator()(const sluice::StrongId<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.str());
  }
};
