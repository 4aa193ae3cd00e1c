#include "platform/text/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "platform/text/numbers.h"

namespace sluice::text {
namespace {

constexpr std::string_view kDecimal = "0123456789";
constexpr std::string_view kOctal = "01234567";
constexpr std::string_view kHexadecimal = "0123456789abcdefABCDEF";

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr std::array<std::string_view, 5> kNulls{"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 3> kTrue{"true", "True", "TRUE"};
constexpr std::array<std::string_view, 3> kFalse{"false", "False", "FALSE"};
constexpr std::array<std::string_view, 3> kInfinities{".inf", ".Inf", ".INF"};
constexpr std::array<std::string_view, 3> kNotNumbers{".nan", ".NaN", ".NAN"};

std::string_view without_sign(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  return text;
}

bool all_of(std::string_view text, std::string_view alphabet) {
  return !text.empty() && text.find_first_not_of(alphabet) == std::string_view::npos;
}

void skip_digits(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kDecimal), text.size()));
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool looks_like_float(std::string_view text) {
  text = without_sign(text);
  const std::size_t size = text.size();
  skip_digits(text);
  const bool digits_before = text.size() < size;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const std::size_t before = text.size();
    skip_digits(text);
    if (!digits_before && text.size() == before) return false;
  } else if (!digits_before) {
    return false;
  }
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text.remove_prefix(1);
  return all_of(without_sign(text), kDecimal);
}

std::optional<Node> integer_node(std::optional<std::int64_t> value) {
  if (!value) return std::nullopt;
  Node node;
  node.kind = Node::Kind::kInteger;
  node.integer = *value;
  return node;
}

Node bool_node(bool value) {
  Node node;
  node.kind = Node::Kind::kBool;
  node.boolean = value;
  return node;
}

std::optional<Node> float_node(std::string_view text) {
  const auto value = exact_float(text);
  if (!value) return std::nullopt;
  Node node;
  node.kind = Node::Kind::kFloat;
  node.number = *value;
  return node;
}

std::optional<Node> typed(const std::string& text) {
  if (is_one_of(text, kNulls)) return Node{};
  if (is_one_of(text, kTrue)) return bool_node(true);
  if (is_one_of(text, kFalse)) return bool_node(false);
  const std::string_view view = text;
  const std::string_view digits = without_sign(view);
  if (all_of(digits, kDecimal)) return integer_node(exact_integer(digits, 10, view.front() == '-'));
  if (view.starts_with("0o") && all_of(view.substr(2), kOctal)) {
    return integer_node(exact_integer(view.substr(2), 8, false));
  }
  if (view.starts_with("0x") && all_of(view.substr(2), kHexadecimal)) {
    return integer_node(exact_integer(view.substr(2), 16, false));
  }
  if (looks_like_float(view)) return float_node(view);
  if (is_one_of(digits, kInfinities) || is_one_of(view, kNotNumbers)) return std::nullopt;
  return quoted_scalar({});
}

}  // namespace

std::optional<Node> plain_scalar(const std::string& spelling) {
  auto node = typed(spelling);
  if (node) node->spelling = spelling;
  return node;
}

std::optional<Node> quoted_scalar(std::string spelling) {
  Node node;
  node.kind = Node::Kind::kString;
  node.spelling = std::move(spelling);
  return node;
}

}  // namespace sluice::text
