#include "governance/domain/policy/policy.h"

#include <algorithm>

#include "governance/domain/policy/builtin_rules.h"
#include "platform/core/text.h"

namespace sluice::governance::domain {
namespace {

void collect_config_keys(const Rule& rule, std::set<std::string>& keys) {
  for (const auto& field : rule.reads) {
    if (field != kPartitionsField && field != kReplicationFactorField) keys.insert(field);
  }
}

}  // namespace

bool RuleScope::holds_in(const EnvironmentName& env) const {
  return environments.empty() ||
         std::find(environments.begin(), environments.end(), env) != environments.end();
}

Severity RuleSeverity::for_environment(const EnvironmentName& env) const {
  const auto found = in.find(env);
  return found == in.end() ? usual : found->second;
}

bool Exemption::covers(std::string_view rule, const TopicName& topic, TimePoint now) const {
  if (expires && now >= *expires) return false;
  return std::find(rules.begin(), rules.end(), rule) != rules.end() &&
         std::any_of(topics.begin(), topics.end(), [&](const std::string& pattern) {
           return matches_glob(pattern, topic.view());
         });
}

bool PolicySet::exempt(std::string_view rule, const TopicName& topic, TimePoint now) const {
  return std::any_of(exemptions.begin(), exemptions.end(), [&](const Exemption& exemption) {
    return exemption.covers(rule, topic, now);
  });
}

std::set<std::string> PolicySet::keys_read(const EnvironmentName& env) const {
  std::set<std::string> keys;
  for (const auto& rule : rules) {
    if (rule.scope.holds_in(env)) collect_config_keys(rule, keys);
  }
  for (const auto& rule : builtin_rules()) collect_config_keys(rule, keys);
  return keys;
}

}  // namespace sluice::governance::domain
