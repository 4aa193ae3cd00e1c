#include "platform/text/json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "platform/text/checks.h"
#include "platform/text/numbers.h"
#include "platform/text/tree_builder.h"

namespace sluice::text {
namespace {

// Follows the parser through the text. The parser tells tokens without their places, but one after
// the other: the next one starts behind the last, past white space, commas and colons.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  Mark to_next_token() {
    const std::size_t next = text_.find_first_not_of(" \t\r\n,:", offset_);
    move_to(std::min(next, text_.size()));
    return Mark{line_, column_};
  }
  void past_bracket() { move_to(offset_ + 1); }
  void past_string() {
    std::size_t end = offset_ + 1;
    while (text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    move_to(end + 1);
  }
  // A number or a literal; answers its spelling.
  std::string_view past_word() {
    const std::size_t start = offset_;
    move_to(std::min(text_.find_first_of(" \t\r\n,:]}", start), text_.size()));
    return text_.substr(start, offset_ - start);
  }

 private:
  void move_to(std::size_t offset) {
    for (; offset_ < offset; ++offset_) {
      const char c = text_[offset_];
      if (c == '\n') {
        ++line_;
        column_ = 1;
      } else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) {
        ++column_;
      }
    }
  }

  std::string_view text_;
  std::size_t offset_ = 0;
  int line_ = 1;
  int column_ = 1;
};

// "[json.exception.…] parse error at line 1, column 2: syntax error while …; last read: '…'; expected …"
// without its head and without what was read last: that can be long, or end inside a character.
std::string words_of(std::string_view what) {
  if (const std::size_t head = what.find(": "); head != std::string_view::npos) {
    what.remove_prefix(head + 2);
  }
  std::string words(what);
  const std::size_t quote = words.find("; last read: '");
  if (quote != std::string::npos) words.erase(quote, words.rfind('\'') + 1 - quote);
  return excerpt(words, 200);
}

class Handler final : public nlohmann::json_sax<nlohmann::json> {
 public:
  Handler(std::string_view text, const Limits& limits) : text_(text), cursor_(text), builder_(limits) {}

  bool null() override { return word(Node::Kind::kNull); }
  bool boolean(bool value) override { return word(Node::Kind::kBool, value); }
  bool number_integer(std::int64_t) override { return number(); }
  bool number_unsigned(std::uint64_t) override { return number(); }
  bool number_float(double, const std::string&) override { return number(); }
  bool binary(binary_t&) override { return false; }  // not in text

  bool string(std::string& value) override {
    Node node;
    node.kind = Node::Kind::kString;
    node.mark = cursor_.to_next_token();
    node.spelling = std::move(value);
    cursor_.past_string();
    return builder_.scalar(std::move(node));
  }
  bool key(std::string& name) override {
    const Mark mark = cursor_.to_next_token();
    cursor_.past_string();
    return builder_.key(std::move(name), mark);
  }
  bool start_object(std::size_t) override { return begin(Node::Kind::kMap); }
  bool start_array(std::size_t) override { return begin(Node::Kind::kList); }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& problem) override {
    constexpr int kNumberOverflow = 406;
    const Mark mark = problem.id == kNumberOverflow ? cursor_.to_next_token()
                                                    : mark_at(text_, position > 0 ? position - 1 : 0);
    if (problem.id == kNumberOverflow) return refuse_number(mark, cursor_.past_word());
    builder_.add(mark, "syntax", words_of(problem.what()), "correct the JSON");
    return false;
  }

  TreeBuilder& builder() { return builder_; }

 private:
  bool begin(Node::Kind kind) {
    const Mark mark = cursor_.to_next_token();
    cursor_.past_bracket();
    return builder_.begin(kind, mark);
  }
  bool end() {
    cursor_.to_next_token();
    cursor_.past_bracket();
    return builder_.end();
  }
  bool word(Node::Kind kind, bool value = false) {
    Node node;
    node.kind = kind;
    node.mark = cursor_.to_next_token();
    node.boolean = value;
    node.spelling = cursor_.past_word();
    return builder_.scalar(std::move(node));
  }
  bool refuse_number(Mark mark, std::string_view spelling) {
    return builder_.add(mark, "number",
                        fmt::format("the number {} cannot be held exactly", excerpt(spelling)),
                        "use a smaller or shorter number, or quote it if it is text");
  }
  bool number() {
    Node node;
    node.mark = cursor_.to_next_token();
    node.spelling = cursor_.past_word();
    const bool whole = node.spelling.find_first_of(".eE") == std::string::npos;
    node.kind = whole ? Node::Kind::kInteger : Node::Kind::kFloat;
    const bool negative = node.spelling.starts_with('-');
    const auto integer =
        whole ? exact_integer(std::string_view(node.spelling).substr(negative ? 1 : 0), 10, negative)
              : std::nullopt;
    const auto real = whole ? std::nullopt : exact_float(node.spelling);
    if (!integer && !real && !refuse_number(node.mark, node.spelling)) return false;
    node.integer = integer.value_or(0);
    node.number = real.value_or(0);
    return builder_.scalar(std::move(node));
  }

  std::string_view text_;
  Cursor cursor_;
  TreeBuilder builder_;
};

Json object_of(const Node& node) {
  Json object = Json::object();
  // ordered_json looks every new key up by a linear walk; the keys here are known to be unique.
  auto& members = object.get_ref<Json::object_t&>();
  members.reserve(node.entries.size());
  for (const Node::Entry& entry : node.entries) {
    members.Container::emplace_back(entry.key, to_json(entry.value));
  }
  return object;
}

}  // namespace

Result<Node> parse_json(std::string_view text, const Limits& limits) {
  if (auto refused = check_text(text, limits)) return *std::move(refused);
  const std::string_view body = without_byte_order_mark(text);
  Handler handler(body, limits);
  nlohmann::json::sax_parse(body.begin(), body.end(), &handler);
  if (!handler.builder().problems().empty()) return malformed(std::move(handler.builder().problems()));
  return handler.builder().take_root();
}

Json to_json(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull: return nullptr;
    case Node::Kind::kBool: return node.boolean;
    case Node::Kind::kInteger: return node.integer;
    case Node::Kind::kFloat: return node.number;
    case Node::Kind::kString: return node.spelling;
    case Node::Kind::kMap: return object_of(node);
    case Node::Kind::kList: {
      Json list = Json::array();
      for (const Node& item : node.items) list.push_back(to_json(item));
      return list;
    }
  }
  return nullptr;
}

}  // namespace sluice::text
