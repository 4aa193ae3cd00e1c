#include "platform/text/tree_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "platform/text/checks.h"

namespace sluice::text {
namespace {

constexpr std::size_t kMaxProblems = 100;

void append_key(std::string& path, std::string_view key) {
  if (!path.empty()) path.push_back('.');
  path += excerpt(key);
}

}  // namespace

bool TreeBuilder::wants_key() const {
  return !open_.empty() && open_.back().node.kind == Node::Kind::kMap && !open_.back().has_key;
}

bool TreeBuilder::add(Mark mark, std::string rule, std::string message, std::string fix) {
  problems_.push_back(Problem{.field = path(),
                              .rule = std::move(rule),
                              .message = std::move(message),
                              .fix = std::move(fix),
                              .line = mark.line,
                              .column = mark.column});
  return problems_.size() < kMaxProblems;
}

bool TreeBuilder::begin(Node::Kind list_or_map, Mark mark) {
  if (!admit(mark)) return false;
  if (open_.size() >= static_cast<std::size_t>(limits_.depth)) {
    add(mark, "too-deep", fmt::format("nested deeper than {} levels", limits_.depth), "flatten it");
    return false;
  }
  Frame frame;
  frame.node.kind = list_or_map;
  frame.node.mark = mark;
  open_.push_back(std::move(frame));
  return true;
}

bool TreeBuilder::end() {
  Frame frame = std::move(open_.back());
  open_.pop_back();
  if (frame.node.kind == Node::Kind::kMap) check_duplicates(frame.node);
  place(std::move(frame.node));
  return problems_.size() < kMaxProblems;
}

bool TreeBuilder::scalar(Node node) {
  if (!admit(node.mark)) return false;
  if (node.spelling.find('\0') != std::string::npos &&
      !add(node.mark, "nul", "the text holds a NUL character", "remove it")) {
    return false;
  }
  place(std::move(node));
  return true;
}

bool TreeBuilder::key(std::string name, Mark mark) {
  if (name.find('\0') != std::string::npos &&
      !add(mark, "nul", "the key holds a NUL character", "remove it")) {
    return false;
  }
  open_.back().node.entries.push_back(Node::Entry{std::move(name), mark, Node{}});
  open_.back().has_key = true;
  return true;
}

bool TreeBuilder::admit(Mark mark) {
  if (++nodes_ <= limits_.nodes) return true;
  add(mark, "too-many-values", fmt::format("more than {} values", limits_.nodes),
      "split the document");
  return false;
}

void TreeBuilder::place(Node node) {
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  Frame& parent = open_.back();
  if (parent.node.kind == Node::Kind::kList) {
    parent.node.items.push_back(std::move(node));
    return;
  }
  parent.node.entries.back().value = std::move(node);
  parent.has_key = false;
}

// Once per map, by sorting: neither a quadratic walk nor a hash that an attacker can aim at.
void TreeBuilder::check_duplicates(const Node& map) {
  const auto& entries = map.entries;
  std::vector<std::size_t> order(entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(entries[a].key, a) < std::tie(entries[b].key, b);
  });
  const std::string parent = path();
  std::size_t first = 0;  // in `order`: where the run of equal keys began
  for (std::size_t i = 1; i < order.size(); ++i) {
    const Node::Entry& original = entries[order[first]];
    const Node::Entry& entry = entries[order[i]];
    if (entry.key != original.key) {
      first = i;
      continue;
    }
    if (problems_.size() >= kMaxProblems) return;
    add(entry.mark, "duplicate-key",
        fmt::format("the key \"{}\" stands twice; first at line {}, column {}", excerpt(entry.key),
                    original.mark.line, original.mark.column),
        "keep one of them");
    problems_.back().field = parent;
    append_key(problems_.back().field, entry.key);
  }
}

std::string TreeBuilder::path() const {
  std::string path;
  for (const Frame& frame : open_) {
    if (frame.node.kind == Node::Kind::kList) {
      path += fmt::format("[{}]", frame.node.items.size());
    } else if (frame.has_key) {
      append_key(path, frame.node.entries.back().key);
    }
  }
  return path;
}

}  // namespace sluice::text
