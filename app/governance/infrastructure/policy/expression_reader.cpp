#include "governance/infrastructure/policy/expression_reader.h"

#include <array>

#include <fmt/format.h>

#include "governance/domain/policy/expression/expression_rule.h"
#include "governance/infrastructure/name_pattern.h"
#include "platform/core/text.h"

namespace sluice::governance::infrastructure::policy {
namespace {

using domain::PlannedAction;
using domain::expression::Example;
using domain::expression::Expression;
using text::MapReader;
using text::Node;

constexpr std::size_t kMaxExamples = 50;
constexpr std::int64_t kMaxCount = 1'000'000;
constexpr std::array<std::string_view, 4> kOperations{"NONE", "CREATE", "ALTER", "DELETE"};

// The expression's own line and column stand in the message; the problem's are those of its field.
std::optional<Expression> read_one(Context& context, MapReader& reader, std::string_view field) {
  const auto written = reader.string(field, {.max = domain::expression::kMaxBytes});
  if (!written) return std::nullopt;
  const domain::expression::Vocabulary vocabulary{compile_name_pattern, context.policies.environments};
  auto expression = Expression::compile(*written, vocabulary);
  if (expression) return std::move(*expression);
  context.add(*reader.find(field), reader.path_of(field), "expression", expression.error().message,
              expression.error().fix);
  return std::nullopt;
}

// --- examples ---------------------------------------------------------------------------------------

using Configs = std::map<std::string, std::string>;

Configs read_configs(Context& context, MapReader& reader) {
  Configs configs;
  reader.map("config", {.max = 100}, [&](const std::string& key, const Node& value, const std::string& path) {
    if (value.is_scalar() && value.kind != Node::Kind::kNull) {
      configs.emplace(key, value.spelling);
    } else {
      context.add(value, path, "type", fmt::format("must be a value, not {}", value.describe()));
    }
  });
  return configs;
}

std::optional<std::int32_t> read_count(MapReader& reader, std::string_view field) {
  const auto count = reader.integer(field, {.min = 1, .max = kMaxCount});
  if (!count) return std::nullopt;
  return static_cast<std::int32_t>(*count);
}

domain::LiveTopic read_before(Context& context, const Node& node, const std::string& path) {
  domain::LiveTopic live{"example", 1, 1, false, {}};
  MapReader reader(node, path, context.problems);
  live.partitions = read_count(reader, "partitions").value_or(1);
  live.replication_factor = read_count(reader, "replicationFactor").value_or(1);
  for (auto& [key, value] : read_configs(context, reader)) {
    live.configs[key] = {value, domain::ValueSource::kTopic, std::nullopt};
  }
  reader.finish();
  return live;
}

domain::TopicMetadata read_metadata(Context& context, MapReader& example) {
  domain::TopicMetadata metadata;
  const auto* node = example.find("metadata");
  if (!node) return metadata;
  MapReader reader(*node, example.path_of("metadata"), context.problems);
  metadata.owner = reader.string("owner");
  metadata.sla = reader.string("sla");
  metadata.doc = reader.string("doc");
  metadata.tags = reader.strings("tags", {.max = 50});
  reader.finish();
  return metadata;
}

PlannedAction operation_at(std::size_t index) {
  constexpr std::array kActions{PlannedAction::kNone, PlannedAction::kCreate, PlannedAction::kAlter,
                                PlannedAction::kDelete};
  return kActions[index];
}

// Where nothing else is said, the first environment in which the rule holds.
domain::EnvironmentName read_environment(Context& context, MapReader& reader, const domain::RuleScope& scope) {
  const auto names = environment_names(context);
  if (const auto chosen = reader.choice("env", names)) return domain::EnvironmentName(std::string(names[*chosen]));
  if (!scope.environments.empty()) return scope.environments.front();
  return names.empty() ? domain::EnvironmentName() : domain::EnvironmentName(std::string(names.front()));
}

Example read_example(Context& context, const Node& node, const std::string& path, const domain::RuleScope& scope) {
  MapReader reader(node, path, context.problems);
  Example example;
  example.env = read_environment(context, reader, scope);
  example.item.name = domain::TopicName(
      reader.string("name", {.max = domain::kMaxTopicName}).value_or(example.env.str() + ".example"));
  example.item.partitions = read_count(reader, "partitions");
  example.item.replication_factor = read_count(reader, "replicationFactor");
  for (auto& [key, value] : read_configs(context, reader)) example.item.configs.emplace(key, value);
  example.item.metadata = read_metadata(context, reader);
  if (const auto* before = reader.find("before")) example.before = read_before(context, *before, reader.path_of("before"));
  const auto chosen = reader.choice("op", kOperations);
  example.operation = chosen ? operation_at(*chosen) : example.before ? PlannedAction::kAlter : PlannedAction::kCreate;
  if (example.operation == PlannedAction::kDelete) example.item.action = domain::ItemAction::kDelete;
  const bool exists = example.operation != PlannedAction::kCreate;
  if (exists && !example.before) example.before = domain::LiveTopic{"example", 1, 1, false, {}};
  reader.finish();
  return example;
}

std::string contradiction(const std::optional<domain::expression::ExampleVerdict>& verdict, bool should_pass) {
  if (should_pass) return fmt::format("this example should pass, and the rule says: {}", verdict->finding.message);
  return verdict ? "this example should fail, and the rule only warns: the change touches nothing that the rule reads"
                 : "this example should fail, and the rule lets it pass";
}

// What an example is said to be, and what the rule says to it. False: it contradicts, or fails only
// because something in it has no value, which shows nothing about the rule.
bool check_example(Context& context, const domain::Rule& rule, const Node& node, const std::string& path,
                   bool should_pass) {
  const auto before = context.problems.size();
  const Example example = read_example(context, node, path, rule.scope);
  if (context.problems.size() != before) return true;  // told already
  const auto verdict = judge_example(rule, example);
  const bool passes = !verdict || (!should_pass && verdict->softened);
  if (passes == should_pass) return !verdict || !verdict->finding.unjudged;
  context.add(node, path, "example", contradiction(verdict, should_pass), "correct the expression, or the example");
  return true;
}

void check_examples(Context& context, const domain::Rule& rule, const Node& node, MapReader& reader) {
  const auto* examples = reader.find("examples");
  if (!examples) {
    context.add(node, reader.path_of("examples"), "required",
                "an expression needs an example that passes and one that fails",
                "add examples: {pass: [{config: {…}}], fail: [{config: {…}}]}");
    return;
  }
  MapReader kinds(*examples, reader.path_of("examples"), context.problems);
  for (const bool should_pass : {true, false}) {
    const std::string_view kind = should_pass ? "pass" : "fail";
    const auto* list = kinds.required(kind);
    bool tells = false;
    kinds.list(kind, {.min = 1, .max = kMaxExamples}, [&](const Node& example, const std::string& path) {
      tells = check_example(context, rule, example, path, should_pass) || tells;
    });
    if (list && !list->items.empty() && !tells) {
      context.add(*list, kinds.path_of(kind), "example", "these examples fail only because a value is missing",
                  "give one of them every value that the rule reads");
    }
  }
  kinds.finish();
}

}  // namespace

std::optional<domain::Rule> read_expression(Context& context, const Node& node, MapReader& reader,
                                            domain::RuleHeader header) {
  auto when = read_one(context, reader, "when");
  reader.required("require");
  auto require = read_one(context, reader, "require");
  const auto* given = reader.find("when");
  if (!require || (given && !when)) {
    reader.find("examples");  // not judged by half a rule
    return std::nullopt;
  }
  auto rule = domain::expression::expression_rule(std::move(header), std::move(when), std::move(*require));
  check_examples(context, rule, node, reader);
  return rule;
}

}  // namespace sluice::governance::infrastructure::policy
