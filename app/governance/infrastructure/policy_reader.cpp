#include "governance/infrastructure/policy_reader.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "governance/domain/topic/config_value.h"
#include "governance/domain/policy/rule_ids.h"
#include "governance/domain/policy/rules.h"
#include "governance/infrastructure/name_pattern.h"
#include "platform/core/canonical_json.h"
#include "platform/text/json.h"
#include "platform/text/map_reader.h"

namespace sluice::governance::infrastructure {
namespace {

using domain::Bounds;
using domain::EnvironmentName;
using domain::PolicySet;
using domain::Rule;
using domain::RuleHeader;
using domain::Severity;
using text::MapReader;
using text::Node;

constexpr std::array<std::string_view, 1> kKinds{"PolicySet"};
constexpr std::array<std::string_view, 3> kSeverities{"observe", "warn", "block"};
constexpr std::size_t kMaxEnvironments = 20;
constexpr std::size_t kMaxRules = 200;

struct Context {
  PolicySet& policies;
  std::vector<Problem>& problems;
};

void add(Context& context, const Node& at, std::string path, std::string rule, std::string message,
         std::string fix = "") {
  context.problems.push_back({std::move(path), std::move(rule), std::move(message), std::move(fix),
                              at.mark.line, at.mark.column});
}

bool is_environment_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::vector<std::string_view> environment_names(const Context& context) {
  std::vector<std::string_view> names;
  for (const auto& environment : context.policies.environments) names.push_back(environment.view());
  return names;
}

std::string known(std::span<const std::string_view> names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

// --- what every rule has ----------------------------------------------------------------------

std::vector<EnvironmentName> read_environments(Context& context, MapReader& reader) {
  std::vector<EnvironmentName> environments;
  const auto names = environment_names(context);
  for (auto& name : reader.strings("environments", {.min = 1, .max = kMaxEnvironments})) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      add(context, *reader.find("environments"), reader.path_of("environments"), "choice",
          fmt::format("\"{}\" is no environment of this policy", name),
          fmt::format("use one of {}", known(names)));
    }
    environments.emplace_back(std::move(name));
  }
  return environments;
}

domain::RuleScope read_scope(Context& context, MapReader& rule) {
  const auto* node = rule.find("scope");
  if (!node) return {};
  MapReader reader(*node, rule.path_of("scope"), context.problems);
  domain::RuleScope scope{read_environments(context, reader)};
  reader.finish();
  return scope;
}

Severity severity_at(std::size_t index) { return *domain::parse_severity(kSeverities[index]); }

// "severity: block", or by environment: "severity: {default: warn, prod: block}".
domain::RuleSeverity read_severity(Context& context, MapReader& rule, Severity usual) {
  domain::RuleSeverity severity{usual, {}};
  const auto* node = rule.find("severity");
  if (!node || node->kind != Node::Kind::kMap) {
    if (const auto chosen = rule.choice("severity", kSeverities))
      severity.usual = severity_at(*chosen);
    return severity;
  }
  MapReader reader(*node, rule.path_of("severity"), context.problems);
  if (const auto chosen = reader.choice("default", kSeverities))
    severity.usual = severity_at(*chosen);
  for (const auto& environment : context.policies.environments) {
    const auto chosen = reader.choice(environment.view(), kSeverities);
    if (chosen) severity.in.emplace(environment, severity_at(*chosen));
  }
  reader.finish();
  return severity;
}

// --- the parameters of each kind --------------------------------------------------------------

void check_bounds(Context& context, const Node& at, const MapReader& reader, const Bounds& bounds) {
  if (bounds.min && bounds.max && *bounds.min > *bounds.max) {
    add(context, at, reader.path_of("min"), "range",
        fmt::format("min {} is above max {}", *bounds.min, *bounds.max),
        "nothing could meet this rule: swap or correct the two");
  }
}

constexpr std::int64_t kMaxCount = std::numeric_limits<std::int32_t>::max();

Bounds read_counts(Context& context, const Node& node, MapReader& reader) {
  Bounds bounds{reader.integer("min", {.min = 1, .max = kMaxCount}),
                reader.integer("max", {.min = 1, .max = kMaxCount})};
  check_bounds(context, node, reader, bounds);
  return bounds;
}

std::optional<std::int64_t> read_duration(Context& context, MapReader& reader,
                                          std::string_view name) {
  const auto* node = reader.find(name);
  if (!node || node->kind == Node::Kind::kNull) return std::nullopt;
  const auto value =
      node->is_scalar() ? domain::config_number("retention.ms", node->spelling) : std::nullopt;
  if (value && *value >= 0) return value;
  add(context, *node, reader.path_of(name), "type",
      fmt::format("must be a duration, not {}", node->describe()),
      "write it like 7d, 12h, 30m or in milliseconds");
  return std::nullopt;
}

void need_a_bound(Context& context, const Node& node, const MapReader& reader) {
  if (node.find("min") || node.find("max")) return;
  add(context, node, reader.path_of("min"), "required", "\"min\" or \"max\" is required",
      "add one of them");
}

using ReadRule = std::optional<Rule> (*)(Context&, const Node&, MapReader&, RuleHeader);

std::optional<Rule> read_naming_pattern(Context& context, const Node& node, MapReader& reader,
                                        RuleHeader header) {
  auto pattern = reader.required_string("pattern", {.max = 100'000});
  if (pattern.empty()) return std::nullopt;
  auto matcher = compile_name_pattern(pattern);
  if (!matcher) {
    const auto* place = reader.find("pattern");
    add(context, place ? *place : node, reader.path_of("pattern"), "pattern",
        matcher.error().message, matcher.error().fix);
    return std::nullopt;
  }
  return naming_pattern(std::move(header), std::move(matcher).value(), std::move(pattern));
}

std::optional<Rule> read_forbid_prefix(Context& context, const Node&, MapReader& reader,
                                       RuleHeader header) {
  reader.required("prefixes");
  auto prefixes =
      reader.strings("prefixes", {.min = 1, .max = 100}, {.max = domain::kMaxTopicName});
  return forbidden_prefixes(std::move(header), std::move(prefixes), context.policies.environments);
}

std::optional<Rule> read_reserved(Context& context, const Node&, MapReader& reader,
                                  RuleHeader header) {
  reader.required("words");
  auto words = reader.strings("words", {.min = 1, .max = 1000}, {.max = domain::kMaxTopicName});
  return reserved_words(std::move(header), std::move(words), context.policies.environments);
}

std::optional<Rule> read_replication(Context& context, const Node& node, MapReader& reader,
                                     RuleHeader header) {
  const auto bounds = read_counts(context, node, reader);
  need_a_bound(context, node, reader);
  return replication_factor_bounds(std::move(header), bounds);
}

std::optional<Rule> read_min_insync(Context& context, const Node& node, MapReader& reader,
                                    RuleHeader header) {
  const auto bounds = read_counts(context, node, reader);
  need_a_bound(context, node, reader);
  return min_insync_bounds(std::move(header), bounds);
}

std::optional<Rule> read_retention(Context& context, const Node& node, MapReader& reader,
                                   RuleHeader header) {
  const Bounds bounds{read_duration(context, reader, "min"), read_duration(context, reader, "max")};
  check_bounds(context, node, reader, bounds);
  need_a_bound(context, node, reader);
  return retention_bounds(std::move(header), bounds);
}

std::optional<Rule> read_compression(Context& context, const Node&, MapReader& reader,
                                     RuleHeader header) {
  auto value = reader.required_string("default", {.max = 100});
  context.policies.defaults.push_back(
      {std::string(domain::kCompressionGuardrail), header.scope, "compression.type", value});
  return default_compression(std::move(header), std::move(value));
}

std::optional<Rule> read_partitions(Context& context, const Node& node, MapReader& reader,
                                    RuleHeader header) {
  const auto bounds = read_counts(context, node, reader);
  std::map<std::string, Bounds> teams;
  reader.map("teams", {.max = 1000},
             [&](const std::string& team, const Node& value, const std::string& path) {
               MapReader bounds_of_team(value, path, context.problems);
               teams.emplace(team, read_counts(context, value, bounds_of_team));
               bounds_of_team.finish();
             });
  if (teams.empty()) need_a_bound(context, node, reader);
  return partition_bounds(std::move(header), bounds, std::move(teams));
}

// The kinds of rules that a document can hold. Rules that are not here (naming.collision,
// partitions.decrease, …) hold without being written down.
struct RuleKind {
  std::string_view id;
  Severity usual;
  ReadRule read;
};

constexpr std::array kRuleKinds{
    RuleKind{domain::kNamingPattern, Severity::kBlock, read_naming_pattern},
    RuleKind{domain::kForbidPrefix, Severity::kBlock, read_forbid_prefix},
    RuleKind{domain::kNamingReserved, Severity::kBlock, read_reserved},
    RuleKind{domain::kReplicationFactorGuardrail, Severity::kBlock, read_replication},
    RuleKind{domain::kMinInsyncGuardrail, Severity::kBlock, read_min_insync},
    RuleKind{domain::kRetentionGuardrail, Severity::kBlock, read_retention},
    RuleKind{domain::kCompressionGuardrail, Severity::kWarn, read_compression},
    RuleKind{domain::kPartitionsGuardrail, Severity::kBlock, read_partitions},
};

void read_rule(Context& context, const Node& node, const std::string& path) {
  MapReader reader(node, path, context.problems);
  std::array<std::string_view, kRuleKinds.size()> ids;
  std::transform(kRuleKinds.begin(), kRuleKinds.end(), ids.begin(),
                 [](const RuleKind& kind) { return kind.id; });
  const auto chosen = reader.required_choice("rule", ids);
  if (!chosen) return;  // without its kind, nothing can be said about the other fields
  const auto& kind = kRuleKinds[*chosen];
  auto scope = read_scope(context, reader);
  auto severity = read_severity(context, reader, kind.usual);
  auto rule = kind.read(context, node, reader, {std::move(scope), std::move(severity)});
  reader.finish();
  if (rule) context.policies.rules.push_back(std::move(*rule));
}

// --- exemptions -------------------------------------------------------------------------------

void check_exempted_rule(Context& context, const Node& at, const std::string& path,
                         const std::string& rule) {
  const auto& ids = domain::kRuleIds;
  const auto& fixed = domain::kNotExemptible;
  if (std::find(ids.begin(), ids.end(), rule) == ids.end()) {
    add(context, at, path, "choice", fmt::format("\"{}\" is no rule", rule),
        fmt::format("use one of {}", known(ids)));
  } else if (std::find(fixed.begin(), fixed.end(), rule) != fixed.end()) {
    add(context, at, path, "choice", fmt::format("nothing can be exempted from {}", rule),
        "Kafka itself refuses it: leave the rule out");
  }
}

// "2027-01-31" (from its first moment, UTC, the exemption no longer holds) or RFC 3339.
std::optional<TimePoint> read_expiry(Context& context, MapReader& reader) {
  const auto text = reader.string("expires", {.max = 40});
  if (!text) return std::nullopt;
  auto time = parse_rfc3339(text->size() == 10 ? *text + "T00:00:00Z" : *text);
  if (!time) {
    add(context, *reader.find("expires"), reader.path_of("expires"), "pattern",
        fmt::format("must be a date, not \"{}\"", *text),
        "write it like 2027-01-31 or 2027-01-31T12:00:00Z");
  }
  return time;
}

void read_exemption(Context& context, const Node& node, const std::string& path) {
  MapReader reader(node, path, context.problems);
  domain::Exemption exemption;
  exemption.name = reader.required_string("name", {.max = 100});
  const auto* rules = reader.required("rules");
  exemption.rules = reader.strings("rules", {.min = 1, .max = domain::kRuleIds.size()});
  for (const auto& rule : exemption.rules)
    check_exempted_rule(context, *rules, reader.path_of("rules"), rule);
  reader.required("topics");
  exemption.topics =
      reader.strings("topics", {.min = 1, .max = 1000}, {.max = domain::kMaxTopicName});
  exemption.owner = reader.required_string("owner", {.max = 100});
  exemption.reason = reader.required_string("reason", {.max = 1000});
  exemption.expires = read_expiry(context, reader);
  reader.finish();
  context.policies.exemptions.push_back(std::move(exemption));
}

void read_known_environments(Context& context, MapReader& reader) {
  reader.required("environments");
  const text::StringRule rule{
      .max = 32, .matches = is_environment_name, .expected = "lower-case letters, digits and '-'"};
  for (auto& name : reader.strings("environments", {.min = 1, .max = kMaxEnvironments}, rule)) {
    context.policies.environments.emplace_back(std::move(name));
  }
}

Error invalid(std::vector<Problem> problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });
  return {ErrorKind::kInvalid, "policy.invalid",
          problems.size() == 1
              ? "the policy document has one problem"
              : fmt::format("the policy document has {} problems", problems.size()),
          "mend what `problems` lists", std::move(problems)};
}

}  // namespace

Result<PolicySet> read_policy_set(const Node& document) {
  std::vector<Problem> problems;
  PolicySet policies;
  Context context{policies, problems};
  MapReader reader(document, "", problems);
  reader.required_choice("kind", kKinds);
  policies.version = reader.required_string("version", {.max = 100});
  read_known_environments(context, reader);
  reader.required("rules");
  reader.list("rules", {.max = kMaxRules},
              [&](const Node& node, const std::string& path) { read_rule(context, node, path); });
  reader.list("exemptions", {}, [&](const Node& node, const std::string& path) {
    read_exemption(context, node, path);
  });
  reader.finish();
  if (!problems.empty()) return invalid(std::move(problems));
  policies.digest = json_digest(text::to_json(document));
  return policies;
}

}  // namespace sluice::governance::infrastructure
