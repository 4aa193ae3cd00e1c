#include "governance/application/policies/policy_projection.h"

#include <algorithm>

#include "platform/core/canonical_json.h"

namespace sluice::governance::application {
namespace {

using domain::EnvironmentName;

bool names(const Json& environments, const EnvironmentName& env) {
  return std::any_of(environments.begin(), environments.end(),
                     [&](const Json& one) { return one.is_string() && one.get<std::string>() == env.str(); });
}

// Where `holder.environments` names others only, it does not hold here.
bool holds_here(const Json& holder, const EnvironmentName& env) {
  const auto environments = holder.find("environments");
  return environments == holder.end() || !environments->is_array() || names(*environments, env);
}

bool rule_holds_here(const Json& rule, const EnvironmentName& env) {
  const auto scope = rule.find("scope");
  return scope == rule.end() || !scope->is_object() || holds_here(*scope, env);
}

// {default: warn, prod: block} is "block" in prod. A step {level, from} is no choice by environment.
Json chosen(const Json& value, const EnvironmentName& env) {
  if (!value.is_object() || value.contains("level")) return value;
  if (const auto own = value.find(env.str()); own != value.end()) return *own;
  const auto general = value.find("default");
  return general == value.end() ? Json() : *general;
}

Json rule_in(Json rule, const EnvironmentName& env) {
  if (auto scope = rule.find("scope"); scope != rule.end() && scope->is_object()) scope->erase("environments");
  if (auto severity = rule.find("severity"); severity != rule.end()) *severity = chosen(*severity, env);
  return rule;
}

Json rules_in(const Json& document, const EnvironmentName& env) {
  Json rules = Json::array();
  for (const Json& rule : document.value("rules", Json::array())) {
    if (rule_holds_here(rule, env)) rules.push_back(rule_in(rule, env));
  }
  return rules;
}

Json modes_in(const Json& document, const EnvironmentName& env) {
  Json modes = Json::array();
  for (Json mode : document.value("modes", Json::array())) {
    if (!holds_here(mode, env)) continue;
    mode.erase("environments");
    modes.push_back(std::move(mode));
  }
  return modes;
}

Json approvals_in(const Json& document, const EnvironmentName& env) {
  Json approvals = document.value("approvals", Json::object());
  if (auto required = approvals.find("required"); required != approvals.end()) *required = chosen(*required, env);
  return approvals;
}

}  // namespace

// Only what is known to be another environment's, or to decide nothing, is left out: a section that
// this program has never heard of stays, and so touches everything.
Json policies_in(const Json& document, const EnvironmentName& env) {
  Json projected = document;
  projected.erase("version");  // a name for people
  projected["rules"] = rules_in(document, env);
  projected["modes"] = modes_in(document, env);
  projected["approvals"] = approvals_in(document, env);
  if (!projected.contains("exemptions")) projected["exemptions"] = Json::array();
  return projected;
}

std::vector<EnvironmentName> touched_environments(const Json& before, const Json& after,
                                                  const std::vector<EnvironmentName>& all) {
  std::vector<EnvironmentName> touched;
  for (const EnvironmentName& env : all) {
    if (canonical_json(policies_in(before, env)) != canonical_json(policies_in(after, env))) touched.push_back(env);
  }
  return touched;
}

}  // namespace sluice::governance::application
