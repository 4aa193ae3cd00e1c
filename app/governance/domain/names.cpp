#include "governance/domain/names.h"

#include <algorithm>
#include <string>

namespace sluice::governance::domain {

std::string_view environment_prefix(std::string_view topic,
                                    std::span<const EnvironmentName> environments) {
  const auto dot = topic.find('.');
  if (dot == std::string_view::npos) return {};
  const auto first = topic.substr(0, dot);
  const bool known = std::any_of(environments.begin(), environments.end(),
                                 [&](const EnvironmentName& env) { return env.view() == first; });
  return known ? first : std::string_view{};
}

std::string_view without_environment(std::string_view topic,
                                     std::span<const EnvironmentName> environments) {
  const auto prefix = environment_prefix(topic, environments);
  return prefix.empty() ? topic : topic.substr(prefix.size() + 1);
}

std::string folded(std::string_view topic) {
  std::string result(topic);
  std::replace(result.begin(), result.end(), '.', '_');
  return result;
}

// Linear in both lengths for one '*', and never worse than their product: no recursion.
bool glob_matches(std::string_view pattern, std::string_view topic) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < topic.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == topic[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace sluice::governance::domain
