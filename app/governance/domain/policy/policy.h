// The rules that a plan is judged by. A rule is one small named thing: an id, the environments it
// holds in, how serious it is, and a pure check that says what is wrong and how to mend it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "governance/domain/policy/topic_change.h"
#include "governance/domain/plan/violation.h"
#include "platform/core/clock.h"

namespace sluice::governance::domain {

// Built by the infrastructure, which owns the regular-expression library. Thread-safe to call.
using PatternMatcher = std::function<bool(std::string_view)>;

struct Finding {
  std::string field;
  std::string message;
  std::string fix;
};

enum class RuleSubject : std::uint8_t {
  kName,       // judged on deletes too, where it only warns: naming never blocks a clean-up
  kState,      // judges the topic as it would be after the change; not asked about deletes
  kOwnership,  // whether anybody may change or delete the topic at all; never softened
};

// A topic with this tag in its metadata is known to carry keys whose order matters.
inline constexpr std::string_view kKeyedTag = "keyed";

struct RuleScope {
  std::vector<EnvironmentName> environments;  // empty: everywhere

  [[nodiscard]] bool holds_in(const EnvironmentName& env) const;
};

struct RuleSeverity {
  Severity usual = Severity::kBlock;
  std::map<EnvironmentName, Severity> in;

  [[nodiscard]] Severity for_environment(const EnvironmentName& env) const;
};

struct Rule {
  std::string id;
  RuleScope scope;
  RuleSeverity severity;
  RuleSubject subject = RuleSubject::kState;
  std::vector<std::string> reads;  // the fields that decide; "name" is implied for kName
  std::function<std::optional<Finding>(const TopicChange&)> check;
  bool exemptible = true;  // false: what no exemption can make work
};

// A value that a policy gives to new topics which say nothing about the key.
struct ConfigDefault {
  std::string rule;  // the rule that watches it: an exemption from the rule is one from the default
  RuleScope scope;
  std::string key;
  std::string value;
};

struct Exemption {
  std::string name;
  std::vector<std::string> rules;
  std::vector<std::string> topics;  // globs over the whole name
  std::string owner;
  std::string reason;
  std::optional<TimePoint> expires;

  [[nodiscard]] bool covers(std::string_view rule, const TopicName& topic, TimePoint now) const;
};

struct PolicySet {
  std::string version;
  std::string digest;  // of the document's meaning
  std::vector<EnvironmentName> environments;
  std::vector<Rule> rules;
  std::vector<ConfigDefault> defaults;
  std::vector<Exemption> exemptions;

  [[nodiscard]] bool exempt(std::string_view rule, const TopicName& topic, TimePoint now) const;
  // The config keys that some rule reads in this environment: the state of a batch that creates
  // topics must know what the broker would apply for each.
  [[nodiscard]] std::set<std::string> keys_read(const EnvironmentName& env) const;
};

}  // namespace sluice::governance::domain
