#include "governance/domain/topic/names.h"

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

bool is_kafka_name(std::string_view topic) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !topic.empty() && topic.size() <= kMaxTopicName && topic != "." && topic != ".." &&
         topic.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::string folded(std::string_view topic) {
  std::string result(topic);
  std::replace(result.begin(), result.end(), '.', '_');
  return result;
}

}  // namespace sluice::governance::domain
