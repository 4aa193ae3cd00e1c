#include "governance/interface/topic_batch_reader.h"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>

#include <fmt/format.h>

#include "governance/domain/topic/config_value.h"
#include "notify/contract/issue_key.h"
#include "platform/core/text.h"
#include "platform/text/map_reader.h"

namespace sluice::governance::interface {
namespace {

using domain::EnvironmentName;
using domain::ItemAction;
using domain::TopicItem;
using text::MapReader;
using text::Node;

constexpr std::size_t kMaxItems = 1000;
constexpr std::size_t kMaxProblems = 1000;  // bounds the answer to a hostile batch
constexpr std::size_t kMaxIssueKey = 40;
constexpr std::size_t kMaxConfigs = 200;
constexpr std::size_t kMaxConfigKey = 200;
constexpr std::size_t kMaxConfigValue = 10'000;
constexpr std::int64_t kMaxPartitions = 100'000;
constexpr std::int64_t kMaxReplicationFactor = std::numeric_limits<std::int16_t>::max();

constexpr std::array<std::string_view, 1> kKinds{"TopicBatch"};
constexpr std::array kActions{ItemAction::kUpsert, ItemAction::kCreate, ItemAction::kUpdate,
                              ItemAction::kDelete};

struct Context {
  const EnvironmentName& env;
  std::span<const EnvironmentName> environments;
  std::vector<Problem>& problems;
  std::unordered_map<std::string, std::string> first_use = {};  // topic name → where it was named first
  std::string issue = {};                                       // of the items read so far
};

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_change_id(std::string_view text) {
  return is_alphanumeric(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
           return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
         });
}

// Only what no topic can ever be called; the rest is for the policies and the broker to say.
bool can_be_a_topic(std::string_view name) {
  return name != "." && name != ".." && std::none_of(name.begin(), name.end(), [](unsigned char c) {
           return c < 0x20 || c == 0x7F;
         });
}

bool is_config_key(std::string_view key) {
  return !key.empty() && key.size() <= kMaxConfigKey &&
         std::all_of(key.begin(), key.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                  c == '-';
         });
}

// "replication.factor" and "Partitions" are fields of ours in another spelling, not topic configs
// that the broker should be asked about.
bool is_misspelt_field(std::string_view key) {
  auto letters = to_lower(key);
  std::erase_if(letters, [](char c) { return c == '.' || c == '_' || c == '-'; });
  return letters == "partitions" || letters == "replicationfactor";
}

std::string hint_for_config_key(std::string_view key) {
  std::vector<std::string> names{"partitions", "replicationFactor"};
  for (const auto& known : domain::known_topic_configs()) names.emplace_back(known.name);
  const auto near = nearest(key, names);
  return near ? fmt::format("did you mean \"{}\"?", *near)
              : "use partitions, replicationFactor or a Kafka topic config";
}

void add(Context& context, const Node& at, const std::string& path, std::string rule,
         std::string message, std::string fix = "") {
  if (context.problems.size() >= kMaxProblems) return;
  context.problems.push_back(
      {path, std::move(rule), std::move(message), std::move(fix), at.mark.line, at.mark.column});
}

// The value of a topic config by its spelling; nothing (after a problem) when it is no scalar.
std::optional<std::string> read_config_value(Context& context, const Node& node,
                                             const std::string& path) {
  if (!node.is_scalar()) {
    add(context, node, path, "type", fmt::format("must be a scalar, not {}", node.describe()),
        node.kind == Node::Kind::kList ? "write the items with commas between them" : "");
    return std::nullopt;
  }
  const auto value = trim(node.spelling);
  if (value.empty()) {
    add(context, node, path, "empty", "must not be empty",
        "write null to remove the topic's own setting");
    return std::nullopt;
  }
  if (value.size() > kMaxConfigValue) {
    add(context, node, path, "too-long",
        fmt::format("has {} bytes; at most {} are allowed", value.size(), kMaxConfigValue));
    return std::nullopt;
  }
  return std::string(value);
}

void read_config_entry(Context& context, const Node::Entry& entry, const std::string& path,
                       TopicItem& item) {
  if (!is_config_key(entry.key) || is_misspelt_field(entry.key)) {
    Node place;
    place.mark = entry.mark;
    add(context, place, path, "unknown-field",
        fmt::format("\"{}\" is no topic config", printable(entry.key, 60)),
        hint_for_config_key(entry.key));
    return;
  }
  if (entry.value.kind == Node::Kind::kNull) {
    item.configs.emplace(entry.key, std::nullopt);
  } else if (auto value = read_config_value(context, entry.value, path)) {
    item.configs.emplace(entry.key, std::move(*value));
  }
}

template <typename T>
std::optional<T> narrowed(std::optional<std::int64_t> value) {
  return value ? std::optional(static_cast<T>(*value)) : std::nullopt;
}

void read_config(Context& context, const Node& node, const std::string& path, TopicItem& item) {
  MapReader reader(node, path, context.problems);
  if (!reader.is_map()) return;
  item.partitions =
      narrowed<std::int32_t>(reader.integer("partitions", {.min = 1, .max = kMaxPartitions}));
  item.replication_factor = narrowed<std::int32_t>(
      reader.integer("replicationFactor", {.min = 1, .max = kMaxReplicationFactor}));
  if (node.entries.size() > kMaxConfigs) {
    add(context, node, path, "too-many",
        fmt::format("has {} entries; at most {} are allowed", node.entries.size(), kMaxConfigs));
    return;
  }
  for (const auto& entry : node.entries) {
    if (entry.key == "partitions" || entry.key == "replicationFactor") continue;
    read_config_entry(context, entry, reader.path_of(entry.key), item);
  }
}

// A change is told to one issue.
void check_issue(Context& context, const Node& node, const std::string& path, const std::string& issue) {
  if (context.issue.empty()) context.issue = issue;
  if (issue.empty() || issue == context.issue) return;
  add(context, node, path, "conflict", fmt::format("\"{}\", but an item before belongs to \"{}\"", issue, context.issue),
      "name one issue in a batch, or split it");
}

void read_metadata(Context& context, const Node& node, const std::string& path, TopicItem& item) {
  MapReader reader(node, path, context.problems);
  item.metadata.owner = reader.string("owner", {.max = 100});
  item.metadata.sla = reader.string("sla", {.max = 200});
  item.metadata.doc = reader.string("doc", {.max = 1000});
  item.metadata.tags = reader.strings("tags", {.max = 50}, {.max = 100});
  item.issue = reader.string("jira", {.max = kMaxIssueKey, .matches = notify::contract::is_issue_key,
                                      .expected = "a Jira key, such as PAY-123"}).value_or("");
  if (const Node* issue = reader.find("jira")) check_issue(context, *issue, reader.path_of("jira"), item.issue);
  reader.finish();
}

void check_name(Context& context, const Node& node, const std::string& path,
                const TopicItem& item) {
  const auto& name = item.name.str();
  if (name.empty()) return;
  const auto prefix = domain::environment_prefix(name, context.environments);
  if (!prefix.empty() && !context.env.empty() && prefix != context.env.view()) {
    add(context, node, path, "environment",
        fmt::format("\"{}\" belongs to {}, this batch is for {}", name, prefix, context.env.str()),
        "move it to a batch of that environment");
  }
  const auto [first, is_new] = context.first_use.emplace(name, path);
  if (!is_new) {
    add(context, node, path, "duplicate",
        fmt::format("\"{}\" is named by {} already", name, first->second), "merge the two items");
  }
}

ItemAction read_action(MapReader& reader) {
  std::array<std::string_view, kActions.size()> names;
  std::transform(kActions.begin(), kActions.end(), names.begin(),
                 [](ItemAction action) { return domain::to_string(action); });
  const auto chosen = reader.choice("action", names);
  return chosen ? kActions[*chosen] : ItemAction::kUpsert;
}

TopicItem read_item(Context& context, const Node& node, const std::string& path) {
  TopicItem item;
  item.place = {node.mark.line, node.mark.column};
  MapReader reader(node, path, context.problems);
  item.name = domain::TopicName(reader.required_string(
      "name",
      {.max = domain::kMaxTopicName, .matches = can_be_a_topic, .expected = "a topic name"}));
  if (const auto* name = reader.find("name"))
    check_name(context, *name, reader.path_of("name"), item);
  item.action = read_action(reader);
  const auto* config = reader.find("config");
  if (config && item.action == ItemAction::kDelete) {
    add(context, *config, reader.path_of("config"), "not-allowed", "a delete takes no config",
        "leave config out");
  } else if (config && config->kind != Node::Kind::kNull) {
    read_config(context, *config, reader.path_of("config"), item);
  }
  const auto* metadata = reader.find("metadata");
  if (metadata && metadata->kind != Node::Kind::kNull) {
    read_metadata(context, *metadata, reader.path_of("metadata"), item);
  }
  item.reason = reader.string("reason").value_or("");
  reader.finish();
  return item;
}

EnvironmentName read_env(MapReader& reader, std::span<const EnvironmentName> environments) {
  std::vector<std::string_view> names;
  for (const auto& environment : environments) names.push_back(environment.view());
  const auto chosen = reader.required_choice("env", names);
  return chosen ? environments[*chosen] : EnvironmentName{};
}

Error invalid(std::vector<Problem> problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });
  return {ErrorKind::kInvalid, "batch.invalid",
          problems.size() == 1 ? "the batch has one problem"
                               : fmt::format("the batch has {} problems", problems.size()),
          "mend what `problems` lists and send the batch again", std::move(problems)};
}

}  // namespace

Result<domain::TopicBatch> read_topic_batch(const Node& document,
                                            std::span<const EnvironmentName> environments) {
  std::vector<Problem> problems;
  domain::TopicBatch batch;
  MapReader reader(document, "", problems);
  reader.required_choice("kind", kKinds);
  batch.env = read_env(reader, environments);
  batch.change_id = domain::ChangeId(reader.required_string(
      "changeId",
      {.max = 100,
       .matches = is_change_id,
       .expected = "letters, digits, '.', '_' and '-', starting with a letter or a digit"}));
  Context context{.env = batch.env, .environments = environments, .problems = problems};
  reader.required("items");
  reader.list("items", {.min = 1, .max = kMaxItems},
              [&](const Node& node, const std::string& path) {
                batch.items.push_back(read_item(context, node, path));
              });
  reader.finish();
  if (!problems.empty()) return invalid(std::move(problems));
  return batch;
}

}  // namespace sluice::governance::interface
