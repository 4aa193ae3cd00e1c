#include "governance/domain/policy/policy.h"

#include <algorithm>

#include "governance/domain/policy/builtin_rules.h"

namespace sluice::governance::domain {
namespace {

void collect_config_keys(const Rule& rule, std::set<std::string>& keys) {
  for (const auto& field : rule.reads) {
    if (is_config_field(field)) keys.insert(field);
  }
}

RuleInForce resolve(const Rule& rule, const std::vector<Exemption>& exemptions, const EnvironmentName& env,
                    TimePoint now) {
  RuleInForce resolved{&rule, rule.severity.for_environment(env).at(now), {}};
  if (!rule.exemptible) return resolved;
  for (const auto& exemption : exemptions) {
    const bool counts = !exemption.expires || now < *exemption.expires;
    if (counts && (exemption.names(rule.id) || exemption.names(rule.kind_name()))) {
      resolved.exemptions.push_back(&exemption);
    }
  }
  return resolved;
}

}  // namespace

Severity SeverityPlan::at(TimePoint now) const {
  Severity severity = Severity::kObserve;
  for (const auto& step : steps_) {
    if (!step.from || *step.from <= now) severity = step.severity;
  }
  return severity;
}

const SeverityPlan& RuleSeverity::for_environment(const EnvironmentName& env) const {
  const auto found = in.find(env);
  return found == in.end() ? usual : found->second;
}

bool Exemption::names(std::string_view rule) const {
  return std::find(rules.begin(), rules.end(), rule) != rules.end();
}

bool Exemption::covers(std::string_view rule, const TopicName& topic, TimePoint now) const {
  if (expires && now >= *expires) return false;
  return names(rule) && matches_any_glob(topics, topic.view());
}

bool RuleInForce::exempts(const TopicName& topic) const {
  return std::any_of(exemptions.begin(), exemptions.end(), [&](const Exemption* exemption) {
    return matches_any_glob(exemption->topics, topic.view());
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

std::vector<RuleInForce> PolicySet::in_force(const EnvironmentName& env, TimePoint now) const {
  std::vector<RuleInForce> resolved;
  for (const auto* some : {&rules, &builtin_rules()}) {
    for (const auto& rule : *some) {
      if (rule.scope.holds_in(env)) resolved.push_back(resolve(rule, exemptions, env, now));
    }
  }
  return resolved;
}

Mode PolicySet::mode_for(const EnvironmentName& env, const TopicName& topic, TimePoint now) const {
  Mode mode = Mode::kApply;
  for (const auto& entry : modes) {
    const bool begun = !entry.from || *entry.from <= now;
    if (begun && entry.scope.holds_in(env) && entry.scope.holds_for(topic)) mode = entry.mode;
  }
  return mode;
}

}  // namespace sluice::governance::domain
