// The typed tree of an expression: nodes that name their children by place, children first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "governance/domain/policy/policy.h"

namespace sluice::governance::domain::expression {

enum class Type : std::uint8_t { kBool, kInteger, kDecimal, kText, kTexts, kIntegers };
std::string_view to_string(Type type);  // "a yes or no", "a number", "a text", …

enum class Operation : std::uint8_t {
  kLiteral,
  kVariable,
  kHas,
  kNot,
  kAnd,
  kOr,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kIn,
  kStartsWith,
  kEndsWith,
  kContains,
  kMatches,
  kSize,
};

enum class Variable : std::uint8_t {
  kOp,
  kEnv,
  kName,
  kExists,
  kPartitions,
  kReplicationFactor,
  kConfig,
  kOwner,
  kSla,
  kDoc,
  kTags,
  kPartitionsBefore,
  kReplicationFactorBefore,
  kConfigBefore,
};

using NodeIndex = std::uint32_t;

struct Node {
  Operation operation = Operation::kLiteral;
  Type type = Type::kBool;
  Variable variable = Variable::kOp;
  NodeIndex left = 0;
  NodeIndex right = 0;
  int depth = 1;
  // Literals; `text` is a variable's config key as well. kMatches: `integer` is the pattern's place.
  bool boolean = false;
  std::int64_t integer = 0;
  double decimal = 0;
  std::string text;
  std::vector<std::string> texts;
  std::vector<std::int64_t> integers;
  // Where it stands in the expression, to name what has no value.
  std::size_t offset = 0;
  std::size_t length = 0;
};

struct Program {
  std::string text;
  std::vector<Node> nodes;
  NodeIndex root = 0;
  std::vector<PatternMatcher> patterns;
  std::vector<std::string> reads;
};

}  // namespace sluice::governance::domain::expression
