// What every rule of a document has beside its kind's own parameters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "governance/domain/policy/policy.h"

namespace sluice::governance::domain {

struct RuleHeader {
  RuleScope scope;
  RuleSeverity severity;
  std::string id = {};  // empty: the kind's
  RuleWords words = {};
};

using RuleCheck = std::function<std::optional<Finding>(const TopicChange&)>;

Rule make_rule(std::string_view kind, RuleHeader header, RuleSubject subject, std::vector<std::string> reads,
               RuleCheck check);

struct Bounds {
  std::optional<std::int64_t> min;
  std::optional<std::int64_t> max;
};

// `shown` turns the number into the words of the message.
std::optional<Finding> within(const Bounds& bounds, std::int64_t value, std::string_view field,
                              const EnvironmentName& env, std::string (*shown)(std::int64_t));

}  // namespace sluice::governance::domain
