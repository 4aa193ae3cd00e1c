#include "platform/text/map_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "platform/core/text.h"
#include "platform/text/checks.h"

namespace sluice::text {
namespace {

// Enough to mend a document by, and a bound on what a hostile one makes us answer.
constexpr std::size_t kMaxProblems = 1000;

std::string item_path(const std::string& list, std::size_t index) {
  return fmt::format("{}[{}]", list, index);
}

std::string join_path(const std::string& parent, std::string_view name) {
  return parent.empty() ? excerpt(name) : fmt::format("{}.{}", parent, excerpt(name));
}

std::string quoted_list(std::span<const std::string_view> words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

MapReader::MapReader(const Node& node, std::string path, std::vector<Problem>& problems)
    : node_(node.kind == Node::Kind::kMap ? &node : nullptr),
      mark_(node.mark),
      path_(std::move(path)),
      problems_(problems) {
  if (!is_map()) add(node, path_, "type", fmt::format("must be a map, not {}", node.describe()));
}

const Node* MapReader::find(std::string_view name) {
  if (std::find(known_.begin(), known_.end(), name) == known_.end()) known_.emplace_back(name);
  return is_map() ? node_->find(name) : nullptr;
}

const Node* MapReader::required(std::string_view name) {
  const Node* node = find(name);
  if (node != nullptr && node->kind != Node::Kind::kNull) return node;
  if (is_map()) {
    Node place;
    place.mark = node != nullptr ? node->mark : mark_;
    add(place, path_of(name), "required", fmt::format("\"{}\" is required", name), "add it");
  }
  return nullptr;
}

namespace {

const Node* unless_null(const Node* node) {
  return node != nullptr && node->kind == Node::Kind::kNull ? nullptr : node;
}

// What is wrong with a string, as rule and message; an empty rule when nothing is.
struct Finding {
  std::string rule;
  std::string message;
};

Finding check_string(std::string_view value, const StringRule& rule) {
  if (value.empty() && rule.min > 0) return {"empty", "must not be empty"};
  if (value.size() < rule.min) {
    return {"too-short", fmt::format("has {} bytes; at least {} are needed", value.size(), rule.min)};
  }
  if (value.size() > rule.max) {
    return {"too-long", fmt::format("has {} bytes; at most {} are allowed", value.size(), rule.max)};
  }
  if (rule.matches && !rule.matches(value)) {
    return {"pattern", fmt::format("must be {}, not \"{}\"",
                                   rule.expected.empty() ? "well formed" : rule.expected, excerpt(value))};
  }
  return {};
}

std::string hint_to_unquote(const Node& node, std::string_view wanted) {
  const bool was_quoted = node.kind == Node::Kind::kString;
  return was_quoted ? fmt::format("write {} without quotes", wanted) : fmt::format("use {}", wanted);
}

// A string that satisfies `rule`; otherwise a problem and nothing.
std::optional<std::string> read_string(MapReader& reader, const Node& node, const std::string& path,
                                       const StringRule& rule) {
  if (node.kind != Node::Kind::kString) {
    reader.add(node, path, "type", fmt::format("must be a string, not {}", node.describe()),
               node.is_scalar() ? "quote it" : "");
    return std::nullopt;
  }
  const std::string_view value = trim(node.spelling);
  Finding finding = check_string(value, rule);
  if (finding.rule.empty()) return std::string(value);
  reader.add(node, path, std::move(finding.rule), std::move(finding.message));
  return std::nullopt;
}

// Answers how many of `size` elements are to be read.
std::size_t check_size(MapReader& reader, const Node& node, const std::string& path, std::size_t size,
                       const ListRule& rule) {
  if (size < rule.min) {
    reader.add(node, path, "too-few",
               fmt::format("has {} entries; at least {} are needed", size, rule.min));
  }
  if (size > rule.max) {
    reader.add(node, path, "too-many",
               fmt::format("has {} entries; at most {} are allowed", size, rule.max));
  }
  return std::min(size, rule.max);
}

}  // namespace

std::optional<std::string> MapReader::string(std::string_view name, const StringRule& rule) {
  const Node* node = unless_null(find(name));
  return node == nullptr ? std::nullopt : read_string(*this, *node, path_of(name), rule);
}

std::string MapReader::required_string(std::string_view name, const StringRule& rule) {
  const Node* node = required(name);
  if (node == nullptr) return {};
  return read_string(*this, *node, path_of(name), rule).value_or("");
}

std::optional<std::int64_t> MapReader::integer(std::string_view name, const IntegerRule& rule) {
  const Node* node = unless_null(find(name));
  if (node == nullptr) return std::nullopt;
  if (node->kind != Node::Kind::kInteger) {
    add(*node, path_of(name), "type", fmt::format("must be a whole number, not {}", node->describe()),
        hint_to_unquote(*node, "a whole number"));
    return std::nullopt;
  }
  if (node->integer < rule.min || node->integer > rule.max) {
    add(*node, path_of(name), "range",
        rule.max == std::numeric_limits<std::int64_t>::max()
            ? fmt::format("must be at least {}, not {}", rule.min, node->integer)
            : fmt::format("must be between {} and {}, not {}", rule.min, rule.max, node->integer));
    return std::nullopt;
  }
  return node->integer;
}

std::optional<double> MapReader::number(std::string_view name, double min, double max) {
  const Node* node = unless_null(find(name));
  if (node == nullptr) return std::nullopt;
  if (node->kind != Node::Kind::kInteger && node->kind != Node::Kind::kFloat) {
    add(*node, path_of(name), "type", fmt::format("must be a number, not {}", node->describe()),
        hint_to_unquote(*node, "a number"));
    return std::nullopt;
  }
  const double value =
      node->kind == Node::Kind::kInteger ? static_cast<double>(node->integer) : node->number;
  if (value < min || value > max) {
    add(*node, path_of(name), "range",
        fmt::format("must be between {} and {}, not {}", min, max, excerpt(node->spelling)));
    return std::nullopt;
  }
  return value;
}

std::optional<bool> MapReader::boolean(std::string_view name) {
  const Node* node = unless_null(find(name));
  if (node == nullptr) return std::nullopt;
  if (node->kind != Node::Kind::kBool) {
    add(*node, path_of(name), "type", fmt::format("must be true or false, not {}", node->describe()),
        hint_to_unquote(*node, "true or false"));
    return std::nullopt;
  }
  return node->boolean;
}

std::optional<std::size_t> MapReader::choice(std::string_view name,
                                             std::span<const std::string_view> choices) {
  const Node* node = unless_null(find(name));
  if (node == nullptr) return std::nullopt;
  const std::string expected = quoted_list(choices);
  if (node->kind != Node::Kind::kString) {
    add(*node, path_of(name), "type", fmt::format("must be a string, not {}", node->describe()),
        fmt::format("use one of {}", expected));
    return std::nullopt;
  }
  const std::string_view value = trim(node->spelling);
  const auto found = std::find(choices.begin(), choices.end(), value);
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  const std::vector<std::string> candidates(choices.begin(), choices.end());
  const auto guess = nearest(value, candidates);
  add(*node, path_of(name), "choice",
      fmt::format("must be one of {}, not \"{}\"", expected, excerpt(value)),
      guess ? fmt::format("did you mean \"{}\"?", *guess) : fmt::format("use one of {}", expected));
  return std::nullopt;
}

std::optional<std::size_t> MapReader::required_choice(std::string_view name,
                                                      std::span<const std::string_view> choices) {
  return required(name) == nullptr ? std::nullopt : choice(name, choices);
}

void MapReader::list(std::string_view name, const ListRule& rule,
                     const std::function<void(const Node&, const std::string& path)>& each) {
  const Node* node = unless_null(find(name));
  if (node == nullptr) return;
  const std::string path = path_of(name);
  if (node->kind != Node::Kind::kList) {
    add(*node, path, "type", fmt::format("must be a list, not {}", node->describe()));
    return;
  }
  const std::size_t count = check_size(*this, *node, path, node->items.size(), rule);
  for (std::size_t i = 0; i < count; ++i) each(node->items[i], item_path(path, i));
}

std::vector<std::string> MapReader::strings(std::string_view name, const ListRule& list_rule,
                                            const StringRule& item_rule) {
  std::vector<std::string> values;
  list(name, list_rule, [&](const Node& item, const std::string& path) {
    if (auto value = read_string(*this, item, path, item_rule)) values.push_back(*std::move(value));
  });
  return values;
}

void MapReader::map(std::string_view name, const ListRule& rule,
                    const std::function<void(const std::string& key, const Node&,
                                             const std::string& path)>& each) {
  const Node* node = unless_null(find(name));
  if (node == nullptr) return;
  const std::string path = path_of(name);
  if (node->kind != Node::Kind::kMap) {
    add(*node, path, "type", fmt::format("must be a map, not {}", node->describe()));
    return;
  }
  const std::size_t count = check_size(*this, *node, path, node->entries.size(), rule);
  for (std::size_t i = 0; i < count; ++i) {
    const Node::Entry& entry = node->entries[i];
    each(entry.key, entry.value, join_path(path, entry.key));
  }
}

std::string MapReader::path_of(std::string_view name) const { return join_path(path_, name); }

void MapReader::add(const Node& at, std::string path, std::string rule, std::string message,
                    std::string fix) {
  if (problems_.size() >= kMaxProblems) return;
  problems_.push_back(Problem{.field = std::move(path),
                              .rule = std::move(rule),
                              .message = std::move(message),
                              .fix = std::move(fix),
                              .line = at.mark.line,
                              .column = at.mark.column});
}

void MapReader::finish() {
  if (!is_map()) return;
  for (const Node::Entry& entry : node_->entries) {
    if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
    const auto guess = nearest(entry.key, known_);
    Node place;
    place.mark = entry.mark;
    add(place, path_of(entry.key), "unknown-field",
        fmt::format("\"{}\" is not a field here", excerpt(entry.key)),
        guess ? fmt::format("did you mean \"{}\"?", *guess)
              : fmt::format("known here: {}", join(known_, ", ")));
  }
}

}  // namespace sluice::text
