#include "governance/infrastructure/policy/rule_kinds.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "governance/domain/policy/config_rules.h"
#include "governance/domain/policy/ownership_rules.h"
#include "governance/domain/policy/rule_ids.h"
#include "governance/domain/policy/rules.h"
#include "governance/domain/topic/config_value.h"
#include "governance/infrastructure/name_pattern.h"
#include "governance/infrastructure/policy/expression_reader.h"

namespace sluice::governance::infrastructure::policy {
namespace {

using domain::Bounds;
using domain::ConfigType;
using domain::Rule;
using domain::RuleHeader;
using domain::Severity;
using text::MapReader;
using text::Node;

constexpr std::int64_t kMaxCount = std::numeric_limits<std::int32_t>::max();

// --- bounds -------------------------------------------------------------------------------------------

void check_bounds(Context& context, const Node& at, const MapReader& reader, const Bounds& bounds) {
  if (bounds.min && bounds.max && *bounds.min > *bounds.max) {
    context.add(at, reader.path_of("min"), "range", fmt::format("min {} is above max {}", *bounds.min, *bounds.max),
                "nothing could meet this rule: swap or correct the two");
  }
}

void need_a_bound(Context& context, const Node& node, const MapReader& reader) {
  if (node.find("min") || node.find("max")) return;
  context.add(node, reader.path_of("min"), "required", "\"min\" or \"max\" is required", "add one of them");
}

Bounds read_counts(Context& context, const Node& node, MapReader& reader) {
  Bounds bounds{reader.integer("min", {.min = 1, .max = kMaxCount}), reader.integer("max", {.min = 1, .max = kMaxCount})};
  check_bounds(context, node, reader, bounds);
  return bounds;
}

domain::TeamBounds read_teams(Context& context, MapReader& reader) {
  domain::TeamBounds teams;
  reader.map("teams", {.max = 1000}, [&](const std::string& team, const Node& value, const std::string& path) {
    MapReader own(value, path, context.problems);
    teams.emplace(team, read_counts(context, value, own));
    own.finish();
  });
  return teams;
}

// In the key's own units: 7d, 10MiB, 3.
std::optional<std::int64_t> read_config_number(Context& context, MapReader& reader, const std::string& key,
                                               std::string_view field) {
  const auto* node = reader.find(field);
  if (!node || node->kind == Node::Kind::kNull) return std::nullopt;
  const auto value = node->is_scalar() ? domain::config_number(key, node->spelling) : std::nullopt;
  if (!value) {
    context.add(*node, reader.path_of(field), "type", fmt::format("must be a value of {}, not {}", key, node->describe()),
                "write a number, or one with a unit: 7d, 10MiB");
  }
  return value;
}

bool is_bounded(const std::string& key) {
  const auto type = domain::config_type(key);
  return type == ConfigType::kInteger || type == ConfigType::kMilliseconds || type == ConfigType::kBytes;
}

// --- names --------------------------------------------------------------------------------------------

std::optional<Rule> read_naming_pattern(Context& context, const Node& node, MapReader& reader, RuleHeader header) {
  auto pattern = reader.required_string("pattern", {.max = 100'000});
  if (pattern.empty()) return std::nullopt;
  auto matcher = compile_name_pattern(pattern);
  if (!matcher) {
    const auto* place = reader.find("pattern");
    context.add(place ? *place : node, reader.path_of("pattern"), "pattern", matcher.error().message,
                matcher.error().fix);
    return std::nullopt;
  }
  return naming_pattern(std::move(header), std::move(matcher).value(), std::move(pattern));
}

std::optional<Rule> read_forbid_prefix(Context& context, const Node&, MapReader& reader, RuleHeader header) {
  reader.required("prefixes");
  auto prefixes = reader.strings("prefixes", {.min = 1, .max = 100}, {.max = domain::kMaxTopicName});
  return forbidden_prefixes(std::move(header), std::move(prefixes), context.policies.environments);
}

std::optional<Rule> read_reserved(Context& context, const Node&, MapReader& reader, RuleHeader header) {
  reader.required("words");
  auto words = reader.strings("words", {.min = 1, .max = 1000}, {.max = domain::kMaxTopicName});
  return reserved_words(std::move(header), std::move(words), context.policies.environments);
}

// --- guardrails ---------------------------------------------------------------------------------------

std::optional<Rule> read_replication(Context& context, const Node& node, MapReader& reader, RuleHeader header) {
  const auto bounds = read_counts(context, node, reader);
  auto teams = read_teams(context, reader);
  if (teams.empty()) need_a_bound(context, node, reader);
  return replication_factor_bounds(std::move(header), bounds, std::move(teams));
}

std::optional<Rule> read_min_insync(Context& context, const Node& node, MapReader& reader, RuleHeader header) {
  const auto bounds = read_counts(context, node, reader);
  need_a_bound(context, node, reader);
  return min_insync_bounds(std::move(header), bounds);
}

std::optional<Rule> read_retention(Context& context, const Node& node, MapReader& reader, RuleHeader header) {
  const Bounds bounds{read_duration(context, reader, "min"), read_duration(context, reader, "max")};
  check_bounds(context, node, reader, bounds);
  need_a_bound(context, node, reader);
  return retention_bounds(std::move(header), bounds);
}

std::optional<Rule> read_partitions(Context& context, const Node& node, MapReader& reader, RuleHeader header) {
  const auto bounds = read_counts(context, node, reader);
  auto teams = read_teams(context, reader);
  if (teams.empty()) need_a_bound(context, node, reader);
  return partition_bounds(std::move(header), bounds, std::move(teams));
}

// --- configs ------------------------------------------------------------------------------------------

// The value's own rule watches it, and an exemption from that is one from the default.
std::optional<Rule> add_default(Context& context, Rule rule, std::string key, std::string value) {
  context.policies.defaults.push_back({rule.id, rule.scope, std::move(key), std::move(value), rule.kind});
  return rule;
}

std::optional<Rule> read_compression(Context& context, const Node&, MapReader& reader, RuleHeader header) {
  const auto value = reader.required_string("default", {.max = 100});
  return add_default(context, default_compression(std::move(header), value), "compression.type", value);
}

std::optional<Rule> read_config_default(Context& context, const Node&, MapReader& reader, RuleHeader header) {
  const auto key = reader.required_string("key", {.max = 200});
  const auto* node = reader.required("value");
  if (key.empty() || !node) return std::nullopt;
  if (!node->is_scalar() || node->kind == Node::Kind::kNull) {
    context.add(*node, reader.path_of("value"), "type", fmt::format("must be a value, not {}", node->describe()));
    return std::nullopt;
  }
  const auto value = domain::canonical_config_value(key, node->spelling);
  return add_default(context, default_config(domain::kConfigDefault, std::move(header), key, value), key, value);
}

std::optional<Rule> read_config_bounds(Context& context, const Node& node, MapReader& reader, RuleHeader header) {
  const auto key = reader.required_string("key", {.max = 200});
  if (key.empty() || !is_bounded(key)) {
    reader.find("min");
    reader.find("max");
    if (key.empty()) return std::nullopt;
    context.add(*reader.find("key"), reader.path_of("key"), "choice", fmt::format("{} is no number, time or size", key),
                "use a rule of the kind expression");
    return std::nullopt;
  }
  const Bounds bounds{read_config_number(context, reader, key, "min"), read_config_number(context, reader, key, "max")};
  check_bounds(context, node, reader, bounds);
  need_a_bound(context, node, reader);
  return config_bounds(std::move(header), key, bounds);
}

std::vector<std::string> read_keys(MapReader& reader) {
  reader.required("keys");
  return reader.strings("keys", {.min = 1, .max = 100}, {.max = 200});
}

std::optional<Rule> read_config_required(Context&, const Node&, MapReader& reader, RuleHeader header) {
  return required_config(std::move(header), read_keys(reader));
}

std::optional<Rule> read_config_forbidden(Context&, const Node&, MapReader& reader, RuleHeader header) {
  return forbidden_config(std::move(header), read_keys(reader));
}

// --- people, and deletes ------------------------------------------------------------------------------

std::optional<Rule> read_metadata_required(Context& context, const Node&, MapReader& reader, RuleHeader header) {
  using domain::MetadataField;
  std::vector<MetadataField> fields;
  const auto* node = reader.required("fields");
  for (const auto& name : reader.strings("fields", {.min = 1, .max = 4})) {
    const auto before = fields.size();
    for (const auto field : {MetadataField::kOwner, MetadataField::kDoc, MetadataField::kSla, MetadataField::kTags}) {
      if (to_string(field) == name) fields.push_back(field);
    }
    if (fields.size() != before) continue;
    context.add(*node, reader.path_of("fields"), "choice", fmt::format("\"{}\" is no field of metadata", name),
                "use owner, doc, sla or tags");
  }
  return required_metadata(std::move(header), std::move(fields));
}

std::optional<Rule> read_delete_protected(Context&, const Node&, MapReader& reader, RuleHeader header) {
  reader.required("topics");
  return protected_names(std::move(header), read_topics(reader, "topics"));
}

std::optional<Rule> read_delete_has_data(Context&, const Node&, MapReader&, RuleHeader header) {
  return protect_data(std::move(header));
}

std::optional<Rule> read_delete_has_consumers(Context&, const Node&, MapReader&, RuleHeader header) {
  return protect_consumers(std::move(header));
}

// About the plan as a whole, so it has no names and owners, and is no rule about topics.
std::optional<Rule> read_delete_share(Context& context, const Node& node, MapReader& reader, RuleHeader header) {
  reader.required("max");
  const auto percent = read_percent(context, reader, "max");
  if (!header.scope.topics.empty() || !header.scope.owners.empty()) {
    context.add(node, reader.path_of("scope"), "choice", "a share of a whole plan has no names or owners",
                "name environments only");
  }
  context.policies.delete_shares.push_back(
      {header.id.empty() ? std::string(domain::kDeleteShare) : std::move(header.id),
       std::move(header.scope.environments), std::move(header.severity), percent.value_or(100), std::move(header.words)});
  return std::nullopt;
}

// The kinds of rules that a document can hold. Rules that are not here (naming.collision,
// partitions.decrease, …) hold without being written down.
using ReadRule = std::optional<Rule> (*)(Context&, const Node&, MapReader&, RuleHeader);
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
    RuleKind{domain::kConfigBounds, Severity::kBlock, read_config_bounds},
    RuleKind{domain::kConfigRequired, Severity::kBlock, read_config_required},
    RuleKind{domain::kConfigForbidden, Severity::kBlock, read_config_forbidden},
    RuleKind{domain::kConfigDefault, Severity::kWarn, read_config_default},
    RuleKind{domain::kMetadataRequired, Severity::kBlock, read_metadata_required},
    RuleKind{domain::kExpression, Severity::kBlock, read_expression},
    RuleKind{domain::kDeleteProtected, Severity::kBlock, read_delete_protected},
    RuleKind{domain::kDeleteHasData, Severity::kBlock, read_delete_has_data},
    RuleKind{domain::kDeleteHasConsumers, Severity::kBlock, read_delete_has_consumers},
    RuleKind{domain::kDeleteShare, Severity::kBlock, read_delete_share},
};

}  // namespace

void read_rule(Context& context, const Node& node, const std::string& path) {
  MapReader reader(node, path, context.problems);
  std::array<std::string_view, kRuleKinds.size()> ids;
  std::transform(kRuleKinds.begin(), kRuleKinds.end(), ids.begin(), [](const RuleKind& kind) { return kind.id; });
  const auto chosen = reader.required_choice("rule", ids);
  if (!chosen) return;  // without its kind, nothing can be said about the other fields
  const auto& kind = kRuleKinds[*chosen];
  auto rule = kind.read(context, node, reader, read_header(context, reader, kind.usual));
  reader.finish();
  if (rule) context.policies.rules.push_back(std::move(*rule));
}

}  // namespace sluice::governance::infrastructure::policy
