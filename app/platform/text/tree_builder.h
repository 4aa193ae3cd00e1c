// Builds a Node from the events of a parser and collects what is wrong with it: the rules that YAML
// and JSON share. Not recursive. Not thread-safe; lives on the stack of one parse.
#pragma once

#include <string>
#include <vector>

#include "platform/core/error.h"
#include "platform/text/node.h"

namespace sluice::text {

class TreeBuilder {
 public:
  explicit TreeBuilder(const Limits& limits) : limits_(limits) {}

  // Each answers whether to go on; false after a problem that makes the rest pointless.
  bool begin(Node::Kind list_or_map, Mark mark);
  bool end();
  bool scalar(Node node);
  bool key(std::string name, Mark mark);

  // The next event of the innermost map is a key.
  [[nodiscard]] bool wants_key() const;
  [[nodiscard]] bool at_root() const { return open_.empty(); }
  // A problem at the value that is about to come; answers whether to go on.
  bool add(Mark mark, std::string rule, std::string message, std::string fix = "");

  [[nodiscard]] std::vector<Problem>& problems() { return problems_; }
  [[nodiscard]] Node take_root() { return std::move(root_); }

 private:
  struct Frame {
    Node node;
    bool has_key = false;  // an entry waits for its value
  };

  bool admit(Mark mark);
  void place(Node node);
  void check_duplicates(const Node& map);
  [[nodiscard]] std::string path() const;

  Limits limits_;
  std::size_t nodes_ = 0;
  std::vector<Frame> open_;
  Node root_;
  std::vector<Problem> problems_;
};

}  // namespace sluice::text
