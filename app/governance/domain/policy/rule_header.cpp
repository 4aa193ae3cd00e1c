#include "governance/domain/policy/rule_header.h"

#include <fmt/format.h>

namespace sluice::governance::domain {

Rule make_rule(std::string_view kind, RuleHeader header, RuleSubject subject, std::vector<std::string> reads,
               RuleCheck check) {
  Rule rule;
  rule.id = header.id.empty() ? std::string(kind) : std::move(header.id);
  rule.kind = kind;
  rule.scope = std::move(header.scope);
  rule.severity = std::move(header.severity);
  rule.subject = subject;
  rule.reads = std::move(reads);
  rule.check = std::move(check);
  rule.words = std::move(header.words);
  return rule;
}

std::optional<Finding> within(const Bounds& bounds, std::int64_t value, std::string_view field,
                              const EnvironmentName& env, std::string (*shown)(std::int64_t)) {
  if (bounds.min && value < *bounds.min) {
    return Finding{std::string(field),
                   fmt::format("{} is {}, below the minimum of {} in {}", field, shown(value),
                               shown(*bounds.min), env.str()),
                   fmt::format("Set {} to at least {}.", field, shown(*bounds.min))};
  }
  if (bounds.max && value > *bounds.max) {
    return Finding{std::string(field),
                   fmt::format("{} is {}, above the maximum of {} in {}", field, shown(value),
                               shown(*bounds.max), env.str()),
                   fmt::format("Set {} to at most {}.", field, shown(*bounds.max))};
  }
  return std::nullopt;
}

}  // namespace sluice::governance::domain
