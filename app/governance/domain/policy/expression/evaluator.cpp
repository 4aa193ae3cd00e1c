// Walks the typed tree. Recursion is as deep as the tree, which is at most kMaxDepth; nothing loops but
// over the items of a list.
#include <algorithm>
#include <charconv>
#include <variant>

#include "governance/domain/policy/expression/expression.h"
#include "governance/domain/policy/expression/parser.h"
#include "governance/domain/policy/expression/program.h"
#include "governance/domain/topic/config_value.h"

namespace sluice::governance::domain::expression {
namespace {

using Texts = std::vector<std::string>;
// The first alternative: there is no value.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string_view, Texts>;

bool is_missing(const Value& value) { return value.index() == 0; }

template <typename T>
Value value_or_missing(const std::optional<T>& value) {
  if (!value) return {};
  return *value;
}

Value text_or_missing(const std::optional<std::string>& text) {
  if (!text) return {};
  return std::string_view(*text);
}

Value count_or_missing(const std::optional<std::int32_t>& count) {
  if (!count) return {};
  return std::int64_t{*count};
}

Value decimal_value(std::string_view text) {
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

Value boolean_value(std::string_view key, std::string_view text) {
  const std::string canonical = canonical_config_value(key, text);
  if (canonical != "true" && canonical != "false") return {};
  return canonical == "true";
}

// What can't be read as the key's type has no value: the broker refuses it anyhow.
Value config_value(const Node& node, std::optional<std::string_view> text) {
  if (!text) return {};
  switch (node.type) {
    case Type::kBool: return boolean_value(node.text, *text);
    case Type::kInteger: return value_or_missing(config_number(node.text, *text));
    case Type::kDecimal: return decimal_value(*text);
    case Type::kTexts: return config_list(*text);
    case Type::kText:
    case Type::kIntegers: return *text;
  }
  return {};
}

double as_decimal(const Value& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  return integer != nullptr ? static_cast<double>(*integer) : std::get<double>(value);
}

template <typename T>
bool holds(Operation operation, const T& a, const T& b) {
  switch (operation) {
    case Operation::kEqual: return a == b;
    case Operation::kNotEqual: return !(a == b);
    case Operation::kLess: return a < b;
    case Operation::kLessOrEqual: return a <= b;
    case Operation::kGreater: return a > b;
    default: return a >= b;
  }
}

bool compare(Operation operation, Value& a, Value& b) {
  if (a.index() != b.index()) return holds(operation, as_decimal(a), as_decimal(b));
  if (auto* texts = std::get_if<Texts>(&a)) {  // an order of items means nothing
    auto& others = std::get<Texts>(b);
    std::sort(texts->begin(), texts->end());
    std::sort(others.begin(), others.end());
  }
  return holds(operation, a, b);
}

class Evaluation {
 public:
  Evaluation(const Program& program, const TopicChange& change) : program_(program), change_(change) {}

  Outcome run() {
    const Value value = of(program_.root);
    if (is_missing(value)) return {Truth::kUndefined, undefined_};
    return {std::get<bool>(value) ? Truth::kTrue : Truth::kFalse, {}};
  }

 private:
  Value of(NodeIndex index) {
    const Node& node = program_.nodes[index];
    switch (node.operation) {
      case Operation::kLiteral: return literal(node);
      case Operation::kVariable: return known(node);
      case Operation::kHas: return !is_missing(variable(program_.nodes[node.left]));
      case Operation::kAnd: return joined(node, false);
      case Operation::kOr: return joined(node, true);
      case Operation::kNot: return negated(node);
      case Operation::kIn: return contained(node);
      case Operation::kSize: return size(node);
      case Operation::kStartsWith:
      case Operation::kEndsWith:
      case Operation::kContains:
      case Operation::kMatches: return asked(node);
      case Operation::kEqual:
      case Operation::kNotEqual:
      case Operation::kLess:
      case Operation::kLessOrEqual:
      case Operation::kGreater:
      case Operation::kGreaterOrEqual: return compared(node);
    }
    return {};
  }

  static Value literal(const Node& node) {
    switch (node.type) {
      case Type::kBool: return node.boolean;
      case Type::kInteger: return node.integer;
      case Type::kDecimal: return node.decimal;
      case Type::kText: return std::string_view(node.text);
      case Type::kTexts: return node.texts;
      case Type::kIntegers: return {};  // only ever asked by contained()
    }
    return {};
  }

  // Remembers the first value that is not there.
  Value known(const Node& node) {
    Value value = variable(node);
    if (is_missing(value) && undefined_.empty()) {
      undefined_ = std::string_view(program_.text).substr(node.offset, node.length);
    }
    return value;
  }

  // After a delete there is nothing: no partitions, no config.
  Value variable(const Node& node) const {
    const bool gone = change_.action() == PlannedAction::kDelete;
    switch (node.variable) {
      case Variable::kOp: return to_string(change_.action());
      case Variable::kEnv: return change_.env().view();
      case Variable::kName: return change_.name().view();
      case Variable::kExists: return change_.exists();
      case Variable::kPartitions: return gone ? Value() : count_or_missing(change_.partitions());
      case Variable::kReplicationFactor: return gone ? Value() : count_or_missing(change_.replication_factor());
      case Variable::kConfig: return gone ? Value() : config_value(node, change_.config(node.text));
      case Variable::kOwner: return text_or_missing(change_.metadata().owner);
      case Variable::kSla: return text_or_missing(change_.metadata().sla);
      case Variable::kDoc: return text_or_missing(change_.metadata().doc);
      case Variable::kTags: return change_.metadata().tags;
      case Variable::kPartitionsBefore: return count_or_missing(change_.partitions_before());
      case Variable::kReplicationFactorBefore: return count_or_missing(change_.replication_factor_before());
      case Variable::kConfigBefore: return config_value(node, change_.config_before(node.text));
    }
    return {};
  }

  // The right side counts only when the left one does not decide.
  Value joined(const Node& node, bool decides) {
    Value left = of(node.left);
    if (is_missing(left) || std::get<bool>(left) == decides) return left;
    return of(node.right);
  }

  Value negated(const Node& node) {
    const Value operand = of(node.left);
    if (is_missing(operand)) return {};
    return !std::get<bool>(operand);
  }

  Value compared(const Node& node) {
    Value left = of(node.left);
    if (is_missing(left)) return {};
    Value right = of(node.right);
    if (is_missing(right)) return {};
    return compare(node.operation, left, right);
  }

  Value contained(const Node& node) {
    const Value item = of(node.left);
    if (is_missing(item)) return {};
    const Node& list = program_.nodes[node.right];
    if (list.type == Type::kIntegers) {
      const auto number = std::get<std::int64_t>(item);
      return std::find(list.integers.begin(), list.integers.end(), number) != list.integers.end();
    }
    const auto text = std::get<std::string_view>(item);
    if (list.operation == Operation::kLiteral) {
      return std::find(list.texts.begin(), list.texts.end(), text) != list.texts.end();
    }
    const Value texts = of(node.right);
    if (is_missing(texts)) return {};
    const auto& all = std::get<Texts>(texts);
    return std::find(all.begin(), all.end(), text) != all.end();
  }

  Value size(const Node& node) {
    const Value operand = of(node.left);
    if (is_missing(operand)) return {};
    const auto* texts = std::get_if<Texts>(&operand);
    return static_cast<std::int64_t>(texts != nullptr ? texts->size() : std::get<std::string_view>(operand).size());
  }

  Value asked(const Node& node) {
    const Value subject = of(node.left);
    if (is_missing(subject)) return {};
    const auto text = std::get<std::string_view>(subject);
    switch (node.operation) {
      case Operation::kStartsWith: return text.starts_with(node.text);
      case Operation::kEndsWith: return text.ends_with(node.text);
      case Operation::kContains: return text.find(node.text) != std::string_view::npos;
      default: return program_.patterns[static_cast<std::size_t>(node.integer)](text);
    }
  }

  const Program& program_;
  const TopicChange& change_;
  std::string_view undefined_;
};

}  // namespace

Result<Expression> Expression::compile(std::string_view text, const Vocabulary& vocabulary) {
  SLUICE_TRY(Program program, parse(text, vocabulary));
  return Expression(std::make_shared<const Program>(std::move(program)));
}

Outcome Expression::evaluate(const TopicChange& change) const { return Evaluation(*program_, change).run(); }

const std::string& Expression::text() const { return program_->text; }

const std::vector<std::string>& Expression::reads() const { return program_->reads; }

bool Expression::reads_operation() const {
  const auto& reads = program_->reads;
  return std::find(reads.begin(), reads.end(), kOperationField) != reads.end();
}

}  // namespace sluice::governance::domain::expression
