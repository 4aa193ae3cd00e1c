// Adds typed nodes to a program and refuses those whose parts don't fit together.
#pragma once

#include <string>
#include <string_view>

#include "governance/domain/policy/expression/expression.h"
#include "governance/domain/policy/expression/lexer.h"
#include "governance/domain/policy/expression/program.h"

namespace sluice::governance::domain::expression {

class Builder {
 public:
  Builder(std::string_view text, const Vocabulary& vocabulary) : vocabulary_(vocabulary) { program_.text = text; }

  Result<NodeIndex> literal(const Token& token, Node node);
  // `path` is "config", "metadata.owner", "before.config", …; `key` is what stands in brackets.
  Result<NodeIndex> variable(const Token& first, const std::string& path, const std::string& key, std::size_t end);
  Result<NodeIndex> both(Operation operation, NodeIndex left, NodeIndex right, const Token& at);  // && ||
  Result<NodeIndex> negated(NodeIndex operand, const Token& at);
  Result<NodeIndex> compared(Operation operation, NodeIndex left, NodeIndex right, const Token& at);
  Result<NodeIndex> contained(NodeIndex left, NodeIndex right, const Token& at);  // in
  Result<NodeIndex> method(Operation operation, NodeIndex subject, const Token& argument, const Token& at);
  Result<NodeIndex> has(NodeIndex operand, const Token& at);
  Result<NodeIndex> size(NodeIndex operand, const Token& at);

  [[nodiscard]] const Node& node(NodeIndex index) const { return program_.nodes[index]; }
  [[nodiscard]] Error wrong(const Token& at, std::string message, std::string fix = "") const {
    return at_offset(program_.text, at.offset, std::move(message), std::move(fix));
  }
  // The whole expression has to say yes or no.
  Result<Program> finish(NodeIndex root);

 private:
  Result<NodeIndex> add(Node node, const Token& at);
  Result<NodeIndex> add_pair(Operation operation, NodeIndex left, NodeIndex right, const Token& at);
  Status check_word(NodeIndex variable, NodeIndex literal, const Token& at) const;
  Status check_one_word(Variable variable, std::string_view word, const Token& at) const;
  void note_read(const Node& node);

  const Vocabulary& vocabulary_;
  Program program_;
};

}  // namespace sluice::governance::domain::expression
