#include "governance/domain/policy/rule_scope.h"

#include <algorithm>

#include "platform/core/text.h"

namespace sluice::governance::domain {
namespace {

bool contains(const auto& all, const auto& one) {
  return all.empty() || std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

bool RuleScope::holds_in(const EnvironmentName& env) const { return contains(environments, env); }

bool RuleScope::holds_for(const TopicName& topic) const {
  return topics.empty() || matches_any_glob(topics, topic.view());
}

bool RuleScope::holds_for_owner(std::string_view owner) const { return contains(owners, owner); }

bool matches_any_glob(const std::vector<std::string>& globs, std::string_view name) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string& glob) { return matches_glob(glob, name); });
}

}  // namespace sluice::governance::domain
