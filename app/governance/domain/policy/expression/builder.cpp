#include "governance/domain/policy/expression/builder.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "governance/domain/topic/config_value.h"
#include "platform/core/text.h"

namespace sluice::governance::domain::expression {
namespace {

struct KnownVariable {
  std::string_view path;
  Variable variable;
  Type type;
};

// config and before.config have a key and its type.
constexpr std::array kVariables{
    KnownVariable{"op", Variable::kOp, Type::kText},
    KnownVariable{"env", Variable::kEnv, Type::kText},
    KnownVariable{"name", Variable::kName, Type::kText},
    KnownVariable{"exists", Variable::kExists, Type::kBool},
    KnownVariable{"partitions", Variable::kPartitions, Type::kInteger},
    KnownVariable{"replicationFactor", Variable::kReplicationFactor, Type::kInteger},
    KnownVariable{"config", Variable::kConfig, Type::kText},
    KnownVariable{"metadata.owner", Variable::kOwner, Type::kText},
    KnownVariable{"metadata.sla", Variable::kSla, Type::kText},
    KnownVariable{"metadata.doc", Variable::kDoc, Type::kText},
    KnownVariable{"metadata.tags", Variable::kTags, Type::kTexts},
    KnownVariable{"before.partitions", Variable::kPartitionsBefore, Type::kInteger},
    KnownVariable{"before.replicationFactor", Variable::kReplicationFactorBefore, Type::kInteger},
    KnownVariable{"before.config", Variable::kConfigBefore, Type::kText},
};

constexpr std::array<std::string_view, 4> kOperations{"NONE", "CREATE", "ALTER", "DELETE"};

Type type_of_config(std::string_view key) {
  switch (config_type(key)) {
    case ConfigType::kText: return Type::kText;
    case ConfigType::kBoolean: return Type::kBool;
    case ConfigType::kInteger:
    case ConfigType::kMilliseconds:
    case ConfigType::kBytes: return Type::kInteger;
    case ConfigType::kDecimal: return Type::kDecimal;
    case ConfigType::kList: return Type::kTexts;
  }
  return Type::kText;
}

bool is_number(Type type) { return type == Type::kInteger || type == Type::kDecimal; }
bool is_config(Variable variable) { return variable == Variable::kConfig || variable == Variable::kConfigBefore; }
bool is_order(Operation operation) { return operation >= Operation::kLess && operation <= Operation::kGreaterOrEqual; }

template <typename Names>
std::string did_you_mean(std::string_view word, const Names& names) {
  std::vector<std::string> all(names.begin(), names.end());
  const auto near = nearest(word, all);
  return near ? fmt::format("did you mean {}?", *near) : fmt::format("use one of {}", join(all, ", "));
}

}  // namespace

std::string_view to_string(Type type) {
  switch (type) {
    case Type::kBool: return "a yes or no";
    case Type::kInteger: return "a whole number";
    case Type::kDecimal: return "a number";
    case Type::kText: return "a text";
    case Type::kTexts: return "a list of texts";
    case Type::kIntegers: return "a list of numbers";
  }
  return "";
}

Result<NodeIndex> Builder::add(Node node, const Token& at) {
  if (node.depth > kMaxDepth) return wrong(at, fmt::format("nested deeper than {}", kMaxDepth));
  program_.nodes.push_back(std::move(node));
  return static_cast<NodeIndex>(program_.nodes.size() - 1);
}

Result<NodeIndex> Builder::add_pair(Operation operation, NodeIndex left, NodeIndex right, const Token& at) {
  Node pair;
  pair.operation = operation;
  pair.left = left;
  pair.right = right;
  pair.depth = 1 + std::max(node(left).depth, node(right).depth);
  return add(std::move(pair), at);
}

Result<NodeIndex> Builder::literal(const Token& token, Node node) {
  node.operation = Operation::kLiteral;
  return add(std::move(node), token);
}

Result<NodeIndex> Builder::variable(const Token& first, const std::string& path, const std::string& key,
                                    std::size_t end) {
  const auto found = std::find_if(kVariables.begin(), kVariables.end(),
                                  [&](const KnownVariable& known) { return known.path == path; });
  if (found == kVariables.end()) {
    std::array<std::string_view, kVariables.size()> paths;
    std::transform(kVariables.begin(), kVariables.end(), paths.begin(),
                   [](const KnownVariable& known) { return known.path; });
    return wrong(first, fmt::format("there is no {}", printable(path, 60)), did_you_mean(path, paths));
  }
  if (is_config(found->variable) == key.empty()) {
    return wrong(first, key.empty() ? fmt::format("{} needs a key", path) : fmt::format("{} has no keys", path),
                 key.empty() ? fmt::format("write {}[\"retention.ms\"]", path) : "");
  }
  Node node;
  node.operation = Operation::kVariable;
  node.variable = found->variable;
  node.type = is_config(found->variable) ? type_of_config(key) : found->type;
  node.text = key;
  node.offset = first.offset;
  node.length = end - first.offset;
  note_read(node);
  return add(std::move(node), first);
}

void Builder::note_read(const Node& node) {
  std::string field;
  switch (node.variable) {
    case Variable::kOp: field = kOperationField; break;
    case Variable::kPartitions:
    case Variable::kPartitionsBefore: field = kPartitionsField; break;
    case Variable::kReplicationFactor:
    case Variable::kReplicationFactorBefore: field = kReplicationFactorField; break;
    case Variable::kConfig:
    case Variable::kConfigBefore: field = node.text; break;
    case Variable::kOwner: field = kOwnerField; break;
    case Variable::kSla: field = kSlaField; break;
    case Variable::kDoc: field = kDocField; break;
    case Variable::kTags: field = kTagsField; break;
    case Variable::kEnv:
    case Variable::kName:
    case Variable::kExists: return;  // no change changes them
  }
  auto& reads = program_.reads;
  if (std::find(reads.begin(), reads.end(), field) == reads.end()) reads.push_back(std::move(field));
}

Result<NodeIndex> Builder::both(Operation operation, NodeIndex left, NodeIndex right, const Token& at) {
  for (const NodeIndex side : {left, right}) {
    if (node(side).type != Type::kBool) {
      return wrong(at, fmt::format("{} joins yes or no, not {}", at.spelling, to_string(node(side).type)),
                   "compare it with something");
    }
  }
  return add_pair(operation, left, right, at);
}

Result<NodeIndex> Builder::negated(NodeIndex operand, const Token& at) {
  if (node(operand).type != Type::kBool) {
    return wrong(at, fmt::format("! turns a yes or no, not {}", to_string(node(operand).type)));
  }
  return add_pair(Operation::kNot, operand, operand, at);
}

Result<NodeIndex> Builder::compared(Operation operation, NodeIndex left, NodeIndex right, const Token& at) {
  const Type a = node(left).type;
  const Type b = node(right).type;
  const bool fit = (is_number(a) && is_number(b)) || a == b;
  if (!fit || a == Type::kIntegers) {
    return wrong(at, fmt::format("{} can't be compared with {}", to_string(a), to_string(b)));
  }
  if (is_order(operation) && !is_number(a)) {
    return wrong(at, fmt::format("{} has no order", to_string(a)), "compare with == or !=");
  }
  SLUICE_CHECK(check_word(left, right, at));
  SLUICE_CHECK(check_word(right, left, at));
  return add_pair(operation, left, right, at);
}

Result<NodeIndex> Builder::contained(NodeIndex left, NodeIndex right, const Token& at) {
  const Type item = node(left).type;
  const Type list = node(right).type;
  const bool fit = (item == Type::kText && list == Type::kTexts) || (item == Type::kInteger && list == Type::kIntegers);
  if (!fit) return wrong(at, fmt::format("{} can't be in {}", to_string(item), to_string(list)));
  SLUICE_CHECK(check_word(left, right, at));
  return add_pair(Operation::kIn, left, right, at);
}

// op and env have few words: one that is none of them would never, or always, be true.
Status Builder::check_word(NodeIndex variable, NodeIndex literal, const Token& at) const {
  const Node& asked = node(variable);
  const Node& words = node(literal);
  if (asked.operation != Operation::kVariable || words.operation != Operation::kLiteral) return {};
  if (words.type == Type::kText) return check_one_word(asked.variable, words.text, at);
  for (const std::string& word : words.texts) SLUICE_CHECK(check_one_word(asked.variable, word, at));
  return {};
}

Status Builder::check_one_word(Variable variable, std::string_view word, const Token& at) const {
  std::vector<std::string> known;
  if (variable == Variable::kOp) known.assign(kOperations.begin(), kOperations.end());
  if (variable == Variable::kEnv) {
    for (const EnvironmentName& environment : vocabulary_.environments) known.push_back(environment.str());
  }
  if (known.empty() || std::find(known.begin(), known.end(), word) != known.end()) return {};
  return wrong(at, fmt::format("{} is never \"{}\"", variable == Variable::kOp ? "op" : "env", printable(word, 60)),
               did_you_mean(word, known));
}

Result<NodeIndex> Builder::method(Operation operation, NodeIndex subject, const Token& argument, const Token& at) {
  if (node(subject).type != Type::kText) {
    return wrong(at, fmt::format("{} asks a text, not {}", at.spelling, to_string(node(subject).type)));
  }
  Node call;
  call.operation = operation;
  call.left = subject;
  call.right = subject;
  call.depth = 1 + node(subject).depth;
  call.text = argument.value;
  if (operation == Operation::kMatches) {
    auto pattern = vocabulary_.compile_pattern(argument.value);
    if (!pattern) return wrong(argument, pattern.error().message, pattern.error().fix);
    call.integer = static_cast<std::int64_t>(program_.patterns.size());
    program_.patterns.push_back(std::move(*pattern));
  }
  return add(std::move(call), at);
}

Result<NodeIndex> Builder::has(NodeIndex operand, const Token& at) {
  if (node(operand).operation != Operation::kVariable) {
    return wrong(at, "has() asks about a variable", "write has(config[\"retention.ms\"])");
  }
  return add_pair(Operation::kHas, operand, operand, at);
}

Result<NodeIndex> Builder::size(NodeIndex operand, const Token& at) {
  const Type type = node(operand).type;
  if (type != Type::kText && type != Type::kTexts) {
    return wrong(at, fmt::format("size() counts a text or a list of texts, not {}", to_string(type)));
  }
  SLUICE_TRY(const NodeIndex index, add_pair(Operation::kSize, operand, operand, at));
  program_.nodes[index].type = Type::kInteger;
  return index;
}

Result<Program> Builder::finish(NodeIndex root) {
  if (node(root).type != Type::kBool) {
    return at_offset(program_.text, 0,
                     fmt::format("the expression has to say yes or no, and is {}", to_string(node(root).type)),
                     "compare it with something");
  }
  program_.root = root;
  return std::move(program_);
}

}  // namespace sluice::governance::domain::expression
