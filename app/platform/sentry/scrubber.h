// Takes secrets out of what leaves the house: those that the configuration holds, by their value; any
// other by the name it stands under, by where it stands in a URL or header, or by how it looks. Rather
// too much than too little. Immutable, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice::sentry {

inline constexpr std::string_view kScrubbed = "[scrubbed]";

class Scrubber {
 public:
  explicit Scrubber(std::vector<std::string> known_secrets);

  [[nodiscard]] std::string text(std::string_view text) const;
  // The value of a field with this name.
  [[nodiscard]] std::string field(std::string_view name, std::string_view value) const;

 private:
  std::vector<std::string> known_;  // the longest first: one may be part of another
};

}  // namespace sluice::sentry
