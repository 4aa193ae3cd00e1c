// The policies that a plan is judged by. A rule is one small named thing: an id, where it holds, how
// serious it is, and a pure check that says what is wrong and how to mend it. Beside the rules stand
// what a policy document also decides: defaults, exemptions, roll-out modes, who has to approve.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "governance/domain/plan/violation.h"
#include "governance/domain/policy/approval_rules.h"
#include "governance/domain/policy/mode.h"
#include "governance/domain/policy/rule_scope.h"
#include "governance/domain/policy/topic_change.h"
#include "platform/core/clock.h"

namespace sluice::governance::domain {

// Built by the infrastructure, which owns the regular-expression library. Thread-safe to call.
using PatternMatcher = std::function<bool(std::string_view)>;

struct Finding {
  std::string field;
  std::string message;
  std::string fix;
  bool protects = false;  // what it says against a delete is never softened
  bool unjudged = false;  // it says why the rule could not be judged, in words that stay
};

enum class RuleSubject : std::uint8_t {
  kName,       // judged on deletes too, where it only warns: naming never blocks a clean-up
  kState,      // judges the topic as it would be after the change; not asked about deletes
  kOwnership,  // whether anybody may change or delete the topic at all; never softened
  kDelete,     // asked about deletes only; never softened
  kOperation,  // asked about every operation; softened only on what the change does not touch
};

// A topic with this tag in its metadata is known to carry keys whose order matters.
inline constexpr std::string_view kKeyedTag = "keyed";

// How serious a rule is from which moment on: in the order of their times, the first without one.
struct SeverityStep {
  Severity severity = Severity::kBlock;
  std::optional<TimePoint> from;

  bool operator==(const SeverityStep&) const = default;
};

// One severity, or steps with dates. Before the first date a rule only observes.
class SeverityPlan {
 public:
  SeverityPlan(Severity always) : steps_{{always, std::nullopt}} {}
  explicit SeverityPlan(std::vector<SeverityStep> steps) : steps_(std::move(steps)) {}

  [[nodiscard]] Severity at(TimePoint now) const;
  [[nodiscard]] const std::vector<SeverityStep>& steps() const { return steps_; }
  bool operator==(const SeverityPlan&) const = default;

 private:
  std::vector<SeverityStep> steps_;
};

struct RuleSeverity {
  SeverityPlan usual = Severity::kBlock;
  std::map<EnvironmentName, SeverityPlan> in;

  [[nodiscard]] const SeverityPlan& for_environment(const EnvironmentName& env) const;
};

// The words of a policy's author in place of the rule's own; empty: the rule's own.
struct RuleWords {
  std::string message;
  std::string fix;
};

struct Rule {
  std::string id;  // unique, or the kind's
  RuleScope scope;
  RuleSeverity severity;
  RuleSubject subject = RuleSubject::kState;
  std::vector<std::string> reads;  // the fields that decide; "name" is implied for kName
  std::function<std::optional<Finding>(const TopicChange&)> check;
  bool exemptible = true;  // false: what no exemption can make work
  std::string kind = {};   // empty: the id
  RuleWords words = {};
  // Live state that is read only for the topics which need it.
  bool needs_groups_on_delete = false;
  bool needs_records_on_delete = false;
  bool reads_record = false;  // what is on record of the topic, beside its scope and what is in `reads`

  [[nodiscard]] std::string_view kind_name() const { return kind.empty() ? id : kind; }
};

// At most so many of a plan's changes may be deletes.
struct DeleteShareRule {
  std::string id;
  std::vector<EnvironmentName> environments;  // empty: everywhere
  RuleSeverity severity;
  int percent = 100;
  RuleWords words = {};
};

// A value that a policy gives to new topics which say nothing about the key.
struct ConfigDefault {
  std::string rule;  // the rule that watches it: an exemption from the rule is one from the default
  RuleScope scope;
  std::string key;
  std::string value;
  std::string kind = {};  // of that rule; empty: its id
};

struct Exemption {
  std::string name;
  std::vector<std::string> rules;   // ids or kinds
  std::vector<std::string> topics;  // globs over the whole name
  std::string owner;
  std::string reason;
  std::optional<TimePoint> expires;

  [[nodiscard]] bool names(std::string_view rule) const;
  [[nodiscard]] bool covers(std::string_view rule, const TopicName& topic, TimePoint now) const;
};

// A rule as it stands in one environment at one moment, resolved once for a whole plan.
struct RuleInForce {
  const Rule* rule = nullptr;
  Severity severity = Severity::kBlock;
  std::vector<const Exemption*> exemptions;  // those from this rule that have not expired

  [[nodiscard]] bool exempts(const TopicName& topic) const;
};

struct PolicySet {
  std::string version;
  std::string digest;  // of the document's meaning
  std::vector<EnvironmentName> environments;
  std::vector<Rule> rules;
  std::vector<ConfigDefault> defaults;
  std::vector<Exemption> exemptions;
  std::string timezone = "UTC";  // of every date in the document
  std::vector<DeleteShareRule> delete_shares = {};
  std::vector<ModeEntry> modes = {};
  ApprovalRules approvals = {};

  [[nodiscard]] bool exempt(std::string_view rule, const TopicName& topic, TimePoint now) const;
  // The config keys that some rule reads in this environment: the state of a batch that creates
  // topics must know what the broker would apply for each.
  [[nodiscard]] std::set<std::string> keys_read(const EnvironmentName& env) const;
  // The document's rules, then the built-in ones. Refers to this set.
  [[nodiscard]] std::vector<RuleInForce> in_force(const EnvironmentName& env, TimePoint now) const;
  // The last entry that matches and whose time has come; kApply where none does.
  [[nodiscard]] Mode mode_for(const EnvironmentName& env, const TopicName& topic, TimePoint now) const;
};

}  // namespace sluice::governance::domain
