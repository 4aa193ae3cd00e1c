#include "governance/infrastructure/policy/reading.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "governance/domain/policy/rule_ids.h"
#include "governance/domain/topic/config_value.h"
#include "platform/core/text.h"

namespace sluice::governance::infrastructure::policy {
namespace {

using domain::EnvironmentName;
using domain::Severity;
using domain::SeverityPlan;
using domain::SeverityStep;
using text::MapReader;
using text::Node;

constexpr std::array<std::string_view, 3> kSeverities{"observe", "warn", "block"};
constexpr std::size_t kMaxSteps = 10;
constexpr std::size_t kDateSize = 10;  // 2027-01-31

bool is_rule_id(std::string_view id) {
  return std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

std::optional<std::chrono::year_month_day> parse_date(std::string_view text) {
  const auto midnight = parse_rfc3339(std::string(text) + "T00:00:00Z");
  if (!midnight) return std::nullopt;
  return std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(*midnight));
}

domain::RuleScope read_scope(Context& context, MapReader& rule) {
  const auto* node = rule.find("scope");
  if (!node) return {};
  MapReader reader(*node, rule.path_of("scope"), context.problems);
  domain::RuleScope scope{read_environments(context, reader)};
  scope.topics = read_topics(reader, "names");
  scope.owners = reader.strings("owners", {.max = 1000}, {.max = 100});
  reader.finish();
  return scope;
}

Severity severity_at(std::size_t index) { return *domain::parse_severity(kSeverities[index]); }

// --- severity: one word, {level, from}, or a list of those in the order of their times ----------------

void read_step(Context& context, const Node& node, const std::string& path, std::vector<SeverityStep>& steps) {
  SeverityStep step;
  if (node.kind == Node::Kind::kMap) {
    MapReader reader(node, path, context.problems);
    if (const auto level = reader.required_choice("level", kSeverities)) step.severity = severity_at(*level);
    step.from = read_moment(context, reader, "from");
    reader.finish();
  } else if (const auto word = domain::parse_severity(node.is_scalar() ? node.spelling : "")) {
    step.severity = *word;
  } else {
    context.add(node, path, "choice", fmt::format("must be one of {}, not {}", listed(kSeverities), node.describe()));
  }
  if (!steps.empty() && (!step.from || (steps.back().from && *step.from <= *steps.back().from))) {
    context.add(node, path, "order", "comes before the step in front of it",
                "put the steps in the order of their dates; only the first may have none");
  }
  steps.push_back(step);
}

SeverityPlan read_plan(Context& context, const Node& node, const std::string& path) {
  std::vector<SeverityStep> steps;
  if (node.kind != Node::Kind::kList) {
    read_step(context, node, path, steps);
    return SeverityPlan(std::move(steps));
  }
  if (node.items.empty() || node.items.size() > kMaxSteps) {
    context.add(node, path, "too-few", fmt::format("must have 1 to {} steps", kMaxSteps));
  }
  for (std::size_t i = 0; i < node.items.size() && i < kMaxSteps; ++i) {
    read_step(context, node.items[i], fmt::format("{}[{}]", path, i), steps);
  }
  return SeverityPlan(std::move(steps));
}

bool is_by_environment(const Node& node) {
  return node.kind == Node::Kind::kMap && node.find("level") == nullptr;
}

domain::RuleSeverity read_severity(Context& context, MapReader& rule, Severity usual) {
  domain::RuleSeverity severity{usual, {}};
  const auto* node = rule.find("severity");
  if (!node || node->kind == Node::Kind::kNull) return severity;
  if (!is_by_environment(*node)) {
    severity.usual = read_plan(context, *node, rule.path_of("severity"));
    return severity;
  }
  MapReader reader(*node, rule.path_of("severity"), context.problems);
  if (const auto* general = reader.find("default")) {
    severity.usual = read_plan(context, *general, reader.path_of("default"));
  }
  for (const auto& environment : context.policies.environments) {
    const auto* own = reader.find(environment.view());
    if (own) severity.in.emplace(environment, read_plan(context, *own, reader.path_of(environment.view())));
  }
  reader.finish();
  return severity;
}

// --- id ---------------------------------------------------------------------------------------------

bool is_taken(const Context& context, std::string_view id) {
  const auto& kinds = domain::kRuleIds;
  const auto& rules = context.policies.rules;
  const auto& shares = context.policies.delete_shares;
  return std::find(kinds.begin(), kinds.end(), id) != kinds.end() ||
         std::any_of(rules.begin(), rules.end(), [&](const domain::Rule& rule) { return rule.id == id; }) ||
         std::any_of(shares.begin(), shares.end(), [&](const auto& rule) { return rule.id == id; });
}

std::string read_id(Context& context, MapReader& rule) {
  auto id = rule.string("id", {.max = 100, .matches = is_rule_id, .expected = "lower-case letters, digits, '.', '_' and '-'"});
  if (!id) return "";
  if (is_taken(context, *id)) {
    context.add(*rule.find("id"), rule.path_of("id"), "duplicate",
                fmt::format("\"{}\" is another rule's, or a kind of rule", *id), "give each rule an id of its own");
  }
  return std::move(*id);
}

}  // namespace

void Context::add(const Node& at, std::string path, std::string rule, std::string message, std::string fix) {
  problems.push_back({std::move(path), std::move(rule), std::move(message), std::move(fix), at.mark.line,
                      at.mark.column});
}

std::string listed(std::span<const std::string_view> names) { return fmt::format("{}", fmt::join(names, ", ")); }

std::vector<std::string_view> environment_names(const Context& context) {
  std::vector<std::string_view> names;
  for (const auto& environment : context.policies.environments) names.push_back(environment.view());
  return names;
}

std::vector<EnvironmentName> read_environments(Context& context, MapReader& reader) {
  std::vector<EnvironmentName> environments;
  const auto names = environment_names(context);
  if (!reader.find("environments")) return environments;
  for (auto& name : reader.strings("environments", {.min = 1, .max = kMaxEnvironments})) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      context.add(*reader.find("environments"), reader.path_of("environments"), "choice",
                  fmt::format("\"{}\" is no environment of this policy", name),
                  fmt::format("use one of {}", listed(names)));
    }
    environments.emplace_back(std::move(name));
  }
  return environments;
}

std::vector<std::string> read_topics(MapReader& reader, std::string_view field) {
  if (!reader.find(field)) return {};
  return reader.strings(field, {.min = 1, .max = 1000}, {.max = domain::kMaxTopicName});
}

std::optional<TimePoint> read_moment(Context& context, MapReader& reader, std::string_view field) {
  const auto text = reader.string(field, {.max = 40});
  if (!text) return std::nullopt;
  if (text->size() > kDateSize) {
    if (const auto time = parse_rfc3339(*text)) return time;
  } else if (const auto date = parse_date(*text)) {
    auto start = context.zone.start_of(*date);
    if (start) return *start;
    context.add(*reader.find(field), reader.path_of(field), "range", start.error().message, start.error().fix);
    return std::nullopt;
  }
  context.add(*reader.find(field), reader.path_of(field), "pattern", fmt::format("must be a date, not \"{}\"", *text),
              "write it like 2027-01-31 or 2027-01-31T12:00:00Z");
  return std::nullopt;
}

std::optional<std::int64_t> read_duration(Context& context, MapReader& reader, std::string_view field) {
  const auto* node = reader.find(field);
  if (!node || node->kind == Node::Kind::kNull) return std::nullopt;
  const auto value = node->is_scalar() ? domain::config_number("retention.ms", node->spelling) : std::nullopt;
  if (value && *value >= 0) return value;
  context.add(*node, reader.path_of(field), "type", fmt::format("must be a duration, not {}", node->describe()),
              "write it like 7d, 12h, 30m or in milliseconds");
  return std::nullopt;
}

std::optional<int> read_percent(Context& context, MapReader& reader, std::string_view field) {
  const auto* node = reader.find(field);
  if (!node || node->kind == Node::Kind::kNull) return std::nullopt;
  std::string_view text = node->is_scalar() ? std::string_view(node->spelling) : std::string_view();
  if (text.ends_with('%')) text = trim(text.substr(0, text.size() - 1));
  int percent = -1;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), percent);
  const bool whole = failure == std::errc{} && end == text.data() + text.size();
  if (whole && percent >= 0 && percent <= 100) return percent;
  context.add(*node, reader.path_of(field), "type", fmt::format("must be a percentage, not {}", node->describe()),
              "write it like 5%");
  return std::nullopt;
}

domain::RuleHeader read_header(Context& context, MapReader& rule, Severity usual) {
  auto id = read_id(context, rule);
  auto scope = read_scope(context, rule);
  auto severity = read_severity(context, rule, usual);
  domain::RuleWords words{rule.string("message").value_or(""), rule.string("fix").value_or("")};
  return {std::move(scope), std::move(severity), std::move(id), std::move(words)};
}

}  // namespace sluice::governance::infrastructure::policy
