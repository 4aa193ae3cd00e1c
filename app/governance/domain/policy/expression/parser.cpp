#include "governance/domain/policy/expression/parser.h"

#include <array>
#include <limits>

#include <fmt/format.h>

#include "governance/domain/policy/expression/builder.h"
#include "governance/domain/policy/expression/lexer.h"
#include "platform/core/text.h"

namespace sluice::governance::domain::expression {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;  // to ms or bytes
};
constexpr std::array kUnits{Unit{"seconds", 1000},         Unit{"minutes", 60'000},
                            Unit{"hours", 3'600'000},      Unit{"days", 86'400'000},
                            Unit{"kib", 1024},             Unit{"mib", 1024LL * 1024},
                            Unit{"gib", 1024LL * 1024 * 1024}};

struct Comparison {
  std::string_view symbol;
  Operation operation;
};
constexpr std::array kComparisons{Comparison{"==", Operation::kEqual},       Comparison{"!=", Operation::kNotEqual},
                                  Comparison{"<=", Operation::kLessOrEqual}, Comparison{">=", Operation::kGreaterOrEqual},
                                  Comparison{"<", Operation::kLess},         Comparison{">", Operation::kGreater}};
constexpr std::array kMethods{Comparison{"startsWith", Operation::kStartsWith},
                              Comparison{"endsWith", Operation::kEndsWith},
                              Comparison{"contains", Operation::kContains},
                              Comparison{"matches", Operation::kMatches}};

// One function for each level of precedence: ||, &&, !, comparison, value.
class Parser {
 public:
  Parser(std::string_view text, std::vector<Token> tokens, const Vocabulary& vocabulary)
      : tokens_(std::move(tokens)), builder_(text, vocabulary) {}

  Result<Program> run() {
    SLUICE_TRY(const NodeIndex root, either());
    if (peek().kind != TokenKind::kEnd) return unexpected("the expression goes on after its end");
    return builder_.finish(root);
  }

 private:
  // Groups nest by recursion: the level is bounded before the stack is.
  Result<NodeIndex> either() {
    if (++level_ > kMaxDepth) return unexpected(fmt::format("nested deeper than {}", kMaxDepth));
    SLUICE_TRY(NodeIndex left, all());
    while (is("||")) {
      const Token at = take();
      SLUICE_TRY(const NodeIndex right, all());
      SLUICE_TRY(left, builder_.both(Operation::kOr, left, right, at));
    }
    --level_;
    return left;
  }

  Result<NodeIndex> all() {
    SLUICE_TRY(NodeIndex left, negation());
    while (is("&&")) {
      const Token at = take();
      SLUICE_TRY(const NodeIndex right, negation());
      SLUICE_TRY(left, builder_.both(Operation::kAnd, left, right, at));
    }
    return left;
  }

  Result<NodeIndex> negation() {
    std::vector<Token> marks;
    while (is("!")) marks.push_back(take());
    SLUICE_TRY(NodeIndex operand, comparison());
    for (auto mark = marks.rbegin(); mark != marks.rend(); ++mark) {
      SLUICE_TRY(operand, builder_.negated(operand, *mark));
    }
    return operand;
  }

  Result<NodeIndex> comparison() {
    SLUICE_TRY(const NodeIndex left, value());
    if (is_name("in")) {
      const Token at = take();
      SLUICE_TRY(const NodeIndex right, value());
      return builder_.contained(left, right, at);
    }
    for (const Comparison& one : kComparisons) {
      if (!is(one.symbol)) continue;
      const Token at = take();
      SLUICE_TRY(const NodeIndex right, value());
      return builder_.compared(one.operation, left, right, at);
    }
    return left;
  }

  Result<NodeIndex> value() {
    SLUICE_TRY(NodeIndex subject, primary());
    while (is(".")) {
      take();
      SLUICE_TRY(subject, method(subject));
    }
    return subject;
  }

  Result<NodeIndex> method(NodeIndex subject) {
    const Token at = take();
    for (const Comparison& one : kMethods) {
      if (at.spelling != one.symbol) continue;
      SLUICE_CHECK(expect("("));
      if (peek().kind != TokenKind::kString) return unexpected(fmt::format("{} needs a text in quotes", at.spelling));
      const Token argument = take();
      SLUICE_CHECK(expect(")"));
      return builder_.method(one.operation, subject, argument, at);
    }
    return builder_.wrong(at, fmt::format("there is no .{}", printable(at.spelling, 60)),
                          "use startsWith, endsWith, contains or matches");
  }

  Result<NodeIndex> primary() {
    const Token& token = peek();
    switch (token.kind) {
      case TokenKind::kString:
      case TokenKind::kInteger:
      case TokenKind::kDecimal: return literal(take(), false);
      case TokenKind::kName: return named();
      case TokenKind::kEnd: return unexpected("the expression ends too early");
      case TokenKind::kSymbol: break;
    }
    if (is("(")) return group();
    if (is("[")) return list();
    if (is("-")) {
      take();
      return literal(take(), true);
    }
    return unexpected(fmt::format("a value is due here, not {}", token.spelling));
  }

  Result<NodeIndex> group() {
    take();
    SLUICE_TRY(const NodeIndex inner, either());
    SLUICE_CHECK(expect(")"));
    return inner;
  }

  Result<NodeIndex> literal(const Token& token, bool negative) {
    Node node;
    node.text = token.value;
    node.integer = negative ? -token.integer : token.integer;
    node.decimal = negative ? -token.decimal : token.decimal;
    if (token.kind == TokenKind::kInteger) node.type = Type::kInteger;
    else if (token.kind == TokenKind::kDecimal) node.type = Type::kDecimal;
    else if (token.kind == TokenKind::kString && !negative) node.type = Type::kText;
    else return builder_.wrong(token, "a number is due after -");
    return builder_.literal(token, std::move(node));
  }

  Result<NodeIndex> list() {
    const Token open = take();
    Node node;
    node.type = Type::kTexts;
    while (!is("]")) {
      SLUICE_CHECK(list_item(node));
      if (!is(",")) break;
      take();
    }
    SLUICE_CHECK(expect("]"));
    return builder_.literal(open, std::move(node));
  }

  Status list_item(Node& list) {
    const bool negative = is("-");
    if (negative) take();
    const Token item = take();
    if (list.texts.size() + list.integers.size() == kMaxListItems) {
      return builder_.wrong(item, fmt::format("a list has at most {} items", kMaxListItems));
    }
    if (item.kind == TokenKind::kString && list.integers.empty() && !negative) {
      list.texts.push_back(item.value);
    } else if (item.kind == TokenKind::kInteger && list.texts.empty()) {
      list.type = Type::kIntegers;
      list.integers.push_back(negative ? -item.integer : item.integer);
    } else {
      return builder_.wrong(item, "a list holds texts in quotes, or whole numbers");
    }
    return {};
  }

  Result<NodeIndex> named() {
    const Token first = take();
    if (first.spelling == "true" || first.spelling == "false") {
      Node node;
      node.boolean = first.spelling == "true";
      return builder_.literal(first, std::move(node));
    }
    if (is("(")) return call(first);
    std::string path(first.spelling);
    const bool has_parts = path == "metadata" || path == "before";
    if (has_parts && is(".")) {
      take();
      path += fmt::format(".{}", take().spelling);
    }
    std::string key;
    if (is("[")) {
      take();
      if (peek().kind != TokenKind::kString) return unexpected("a key in quotes is due here");
      key = take().value;
      if (key.empty()) return builder_.wrong(first, "the key is empty");
      SLUICE_CHECK(expect("]"));
    }
    const Token& last = tokens_[at_ - 1];
    return builder_.variable(first, path, key, last.offset + last.spelling.size());
  }

  Result<NodeIndex> call(const Token& name) {
    take();  // (
    for (const Unit& unit : kUnits) {
      if (name.spelling == unit.name) return amount(name, unit);
    }
    if (name.spelling != "has" && name.spelling != "size") {
      return builder_.wrong(name, fmt::format("there is no {}()", printable(name.spelling, 60)),
                            "use has, size, seconds, minutes, hours, days, kib, mib or gib");
    }
    SLUICE_TRY(const NodeIndex operand, value());
    SLUICE_CHECK(expect(")"));
    return name.spelling == "has" ? builder_.has(operand, name) : builder_.size(operand, name);
  }

  Result<NodeIndex> amount(const Token& name, const Unit& unit) {
    const Token count = take();
    if (count.kind != TokenKind::kInteger) {
      return builder_.wrong(count, fmt::format("{} needs a whole number", name.spelling));
    }
    if (count.integer > std::numeric_limits<std::int64_t>::max() / unit.factor) {
      return builder_.wrong(count, "the number is too large");
    }
    SLUICE_CHECK(expect(")"));
    Node node;
    node.type = Type::kInteger;
    node.integer = count.integer * unit.factor;
    return builder_.literal(name, std::move(node));
  }

  [[nodiscard]] const Token& peek() const { return tokens_[at_]; }
  // The end stays: nobody reads past it.
  Token take() { return peek().kind == TokenKind::kEnd ? peek() : tokens_[at_++]; }
  [[nodiscard]] bool is(std::string_view symbol) const {
    return peek().kind == TokenKind::kSymbol && peek().spelling == symbol;
  }
  [[nodiscard]] bool is_name(std::string_view name) const {
    return peek().kind == TokenKind::kName && peek().spelling == name;
  }
  Status expect(std::string_view symbol) {
    if (!is(symbol)) return unexpected(fmt::format("'{}' is due here", symbol));
    take();
    return {};
  }
  [[nodiscard]] Error unexpected(std::string message) const { return builder_.wrong(peek(), std::move(message)); }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int level_ = 0;
  Builder builder_;
};

}  // namespace

Result<Program> parse(std::string_view text, const Vocabulary& vocabulary) {
  if (text.size() > kMaxBytes) return at_offset(text, 0, fmt::format("longer than {} bytes", kMaxBytes));
  if (!is_valid_utf8(text)) return at_offset("", 0, "not UTF-8");
  SLUICE_TRY(auto tokens, tokenize(text));
  return Parser(text, std::move(tokens), vocabulary).run();
}

}  // namespace sluice::governance::domain::expression
