#include "governance/infrastructure/policy/sections.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "governance/domain/policy/rule_ids.h"

namespace sluice::governance::infrastructure::policy {
namespace {

using text::MapReader;
using text::Node;

constexpr std::array<std::string_view, 3> kModes{"read-only", "dry-run", "apply"};
constexpr std::array kModeValues{domain::Mode::kReadOnly, domain::Mode::kDryRun, domain::Mode::kApply};
constexpr std::size_t kMaxRulesOfExemption = 200;

bool is_id_of_a_rule(const Context& context, const std::string& name) {
  const auto& rules = context.policies.rules;
  return std::any_of(rules.begin(), rules.end(), [&](const domain::Rule& rule) { return rule.id == name; });
}

void check_exempted_rule(Context& context, const Node& at, const std::string& path, const std::string& rule) {
  const auto& kinds = domain::kRuleIds;
  const auto& fixed = domain::kNotExemptible;
  if (std::find(fixed.begin(), fixed.end(), rule) != fixed.end()) {
    context.add(at, path, "choice", fmt::format("nothing can be exempted from {}", rule),
                "leave the rule out: it is Kafka's own, or about a plan as a whole");
  } else if (std::find(kinds.begin(), kinds.end(), rule) == kinds.end() && !is_id_of_a_rule(context, rule)) {
    context.add(at, path, "choice", fmt::format("\"{}\" is no rule", rule),
                fmt::format("use a rule's id, or one of {}", listed(kinds)));
  }
}

// What ends never has to say so: a blank may be a date that somebody forgot.
std::optional<TimePoint> read_end(Context& context, MapReader& reader) {
  const auto* node = reader.required("expires");
  if (!node || (node->is_scalar() && node->spelling == "never")) return std::nullopt;
  return read_moment(context, reader, "expires");
}

// "2" or {default: 1, prod: 2}.
void read_required(Context& context, MapReader& reader, domain::ApprovalRules& approvals) {
  const text::IntegerRule rule{.min = 1, .max = domain::kMostApprovals};
  const auto* node = reader.find("required");
  if (!node || node->kind != Node::Kind::kMap) {
    approvals.usual = static_cast<int>(reader.integer("required", rule).value_or(approvals.usual));
    return;
  }
  MapReader by_environment(*node, reader.path_of("required"), context.problems);
  approvals.usual = static_cast<int>(by_environment.integer("default", rule).value_or(approvals.usual));
  for (const auto& environment : context.policies.environments) {
    const auto count = by_environment.integer(environment.view(), rule);
    if (count) approvals.in.emplace(environment, static_cast<int>(*count));
  }
  by_environment.finish();
}

void read_deletes(Context& context, MapReader& reader, domain::ApprovalRules& approvals) {
  const auto* node = reader.find("deletes");
  if (!node) return;
  MapReader deletes(*node, reader.path_of("deletes"), context.problems);
  approvals.delete_percent = read_percent(context, deletes, "above").value_or(approvals.delete_percent);
  const auto extra = deletes.integer("extra", {.min = 0, .max = domain::kMostApprovals});
  approvals.extra = static_cast<int>(extra.value_or(approvals.extra));
  deletes.finish();
}

void read_lifetime(Context& context, MapReader& reader, domain::ApprovalRules& approvals) {
  const auto ttl = read_duration(context, reader, "ttl");
  if (!ttl) return;
  approvals.ttl = std::chrono::milliseconds(*ttl);
  if (approvals.ttl >= std::chrono::minutes{1} && approvals.ttl <= domain::kLongestApproval) return;
  context.add(*reader.find("ttl"), reader.path_of("ttl"), "range", "must be from 1m to 7d");
}

}  // namespace

void read_exemption(Context& context, const Node& node, const std::string& path) {
  MapReader reader(node, path, context.problems);
  domain::Exemption exemption;
  exemption.name = reader.required_string("name", {.max = 100});
  const auto* rules = reader.required("rules");
  exemption.rules = reader.strings("rules", {.min = 1, .max = kMaxRulesOfExemption});
  for (const auto& rule : exemption.rules) check_exempted_rule(context, *rules, reader.path_of("rules"), rule);
  reader.required("topics");
  exemption.topics = reader.strings("topics", {.min = 1, .max = 1000}, {.max = domain::kMaxTopicName});
  exemption.owner = reader.required_string("owner", {.max = 100});
  exemption.reason = reader.required_string("reason", {.max = 1000});
  exemption.expires = read_end(context, reader);
  reader.finish();
  context.policies.exemptions.push_back(std::move(exemption));
}

void read_mode(Context& context, const Node& node, const std::string& path) {
  MapReader reader(node, path, context.problems);
  domain::ModeEntry entry;
  const auto mode = reader.required_choice("mode", kModes);
  if (mode) entry.mode = kModeValues[*mode];
  entry.scope.environments = read_environments(context, reader);
  entry.scope.topics = read_topics(reader, "topics");
  entry.from = read_moment(context, reader, "from");
  reader.finish();
  context.policies.modes.push_back(std::move(entry));
}

void read_approvals(Context& context, MapReader& document) {
  const auto* node = document.find("approvals");
  if (!node) return;
  MapReader reader(*node, document.path_of("approvals"), context.problems);
  auto& approvals = context.policies.approvals;
  read_required(context, reader, approvals);
  read_deletes(context, reader, approvals);
  read_lifetime(context, reader, approvals);
  reader.finish();
}

}  // namespace sluice::governance::infrastructure::policy
