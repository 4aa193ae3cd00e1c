// A small, total expression language over one planned topic: no loops, no calls of one's own, bounded
// in length and depth, typed when it is loaded. docs/guide/policies.md describes it to its writers.
//
//   op == "DELETE" || config["retention.ms"] >= days(7)
//
// A value that is not there is no value: comparing it makes the expression undefined, which the rule
// that holds it takes as a violation. has(x) asks first; && and || look at their right side only when
// they have to.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "governance/domain/policy/policy.h"
#include "platform/core/result.h"

namespace sluice::governance::domain::expression {

inline constexpr std::size_t kMaxBytes = 2000;
inline constexpr int kMaxDepth = 64;
inline constexpr std::size_t kMaxListItems = 100;

using CompilePattern = std::function<Result<PatternMatcher>(std::string_view)>;

struct Vocabulary {
  CompilePattern compile_pattern;
  std::span<const EnvironmentName> environments;  // what `env` can be compared with
};

struct Program;  // the typed tree

enum class Truth : std::uint8_t { kTrue, kFalse, kUndefined };

struct Outcome {
  Truth truth = Truth::kFalse;
  std::string_view undefined;  // the text of what has no value; within the expression's own
};

// Immutable; cheap to copy; thread-safe to evaluate.
class Expression {
 public:
  // kInvalid "expression.invalid" with one problem: what is wrong, line and column within `text`.
  static Result<Expression> compile(std::string_view text, const Vocabulary& vocabulary);

  [[nodiscard]] Outcome evaluate(const TopicChange& change) const;
  [[nodiscard]] const std::string& text() const;
  // The fields that it reads, as Rule::reads has them: config keys, partitions,
  // replicationFactor, op, metadata.owner and the like. Not name, env and exists: no change changes them.
  [[nodiscard]] const std::vector<std::string>& reads() const;
  [[nodiscard]] bool reads_operation() const;

 private:
  explicit Expression(std::shared_ptr<const Program> program) : program_(std::move(program)) {}

  std::shared_ptr<const Program> program_;
};

}  // namespace sluice::governance::domain::expression
