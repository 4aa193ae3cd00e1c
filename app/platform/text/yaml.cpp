#include "platform/text/yaml.h"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "platform/core/text.h"
#include "platform/text/checks.h"
#include "platform/text/tree_builder.h"
#include "platform/text/yaml_scalar.h"

namespace sluice::text {
namespace {

Mark to_mark(const yaml_mark_t& mark) {
  return Mark{static_cast<int>(mark.line) + 1, static_cast<int>(mark.column) + 1};
}

class Event {
 public:
  Event() = default;
  ~Event() { yaml_event_delete(&event_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  yaml_event_t* get() { return &event_; }
  [[nodiscard]] const yaml_event_t& operator*() const { return event_; }

 private:
  yaml_event_t event_{};
};

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

// The text from a mark of libyaml's (whose columns count characters) to the end.
std::string_view rest_from(std::string_view text, const yaml_mark_t& mark) {
  for (std::size_t line = 0; line < mark.line; ++line) {
    const std::size_t line_end = text.find('\n');
    if (line_end == std::string_view::npos) return {};
    text.remove_prefix(line_end + 1);
  }
  for (std::size_t column = 0; column < mark.column && !text.empty(); ++column) {
    do {
      text.remove_prefix(1);
    } while (!text.empty() && (static_cast<unsigned char>(text.front()) & 0xc0) == 0x80);
  }
  return text;
}

// The first line that says something, past blank lines, comments and "...".
std::string_view first_content(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = trim(text.substr(0, text.find('\n')));
    const bool end_marker = line == "..." || line.starts_with("... ");
    if (!line.empty() && line.front() != '#' && !end_marker) return text;
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  }
  return {};
}

class Reader {
 public:
  Reader(std::string_view text, const Limits& limits) : text_(text), builder_(limits) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }
  ~Reader() { yaml_parser_delete(&parser_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Result<Node> read() {
    if (!refuse_directive()) {
      while (step()) {
      }
    }
    if (!builder_.problems().empty()) return malformed(std::move(builder_.problems()));
    return builder_.take_root();
  }

 private:
  // Directives are refused before libyaml sees them: it compares each %TAG with all others.
  bool refuse_directive() {
    const std::string_view content = first_content(text_);
    if (!content.starts_with('%')) return false;
    builder_.add(place_of(content), "directive", "directives (lines that start with %) are not read",
                 "remove the line");
    return true;
  }

  [[nodiscard]] Mark place_of(std::string_view rest) const {
    return mark_at(text_, text_.size() - rest.size());
  }

  bool step() {
    Event event;
    if (yaml_parser_parse(&parser_, event.get()) == 0) return syntax_error();
    const Mark mark = to_mark((*event).start_mark);
    switch ((*event).type) {
      case YAML_STREAM_START_EVENT:
      case YAML_DOCUMENT_START_EVENT: return true;
      case YAML_DOCUMENT_END_EVENT: return end_of_document((*event).end_mark);
      case YAML_SCALAR_EVENT: return scalar(*event, mark);
      case YAML_SEQUENCE_START_EVENT: {
        const auto& start = (*event).data.sequence_start;
        return collection(Node::Kind::kList, mark, view(start.anchor), view(start.tag));
      }
      case YAML_MAPPING_START_EVENT: {
        const auto& start = (*event).data.mapping_start;
        return collection(Node::Kind::kMap, mark, view(start.anchor), view(start.tag));
      }
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT: return builder_.end();
      case YAML_ALIAS_EVENT: return alias(*event, mark);
      case YAML_STREAM_END_EVENT:
        builder_.add(mark, "empty-document", "the document is empty");
        return false;
      case YAML_NO_EVENT: return false;
    }
    return false;
  }

  bool syntax_error() {
    // The reader's errors (control characters) come with a byte offset, all others with a mark.
    const Mark mark = parser_.error == YAML_READER_ERROR ? mark_at(text_, parser_.problem_offset)
                                                         : to_mark(parser_.problem_mark);
    std::string message = parser_.problem == nullptr ? "not YAML" : parser_.problem;
    if (parser_.context != nullptr) message += fmt::format(" {}", parser_.context);
    builder_.add(mark, "syntax", std::move(message), "correct the YAML; look at the lines above, too");
    return false;
  }

  bool end_of_document(const yaml_mark_t& end) {
    const std::string_view rest = first_content(rest_from(text_, end));
    if (rest.empty()) return false;
    if (rest.starts_with("---") || rest.starts_with('%')) {
      builder_.add(place_of(rest), "several-documents", "a second document starts here",
                   "send one document at a time");
    } else {
      builder_.add(place_of(rest), "syntax", "text after the end of the document", "correct the YAML");
    }
    return false;
  }

  // Anchors and tags; answers whether to go on.
  bool properties(Mark mark, std::string_view anchor, std::string_view tag) {
    if (!anchor.empty() && !builder_.add(mark, "anchor", fmt::format("the anchor &{}", excerpt(anchor)) +
                                                             " is not allowed",
                                         "write the value out where it is used")) {
      return false;
    }
    return tag.empty() || builder_.add(mark, "tag", fmt::format("the tag {} is not allowed", excerpt(tag)),
                                       "remove the tag");
  }

  bool collection(Node::Kind kind, Mark mark, std::string_view anchor, std::string_view tag) {
    if (!properties(mark, anchor, tag)) return false;
    if (builder_.wants_key()) {
      builder_.add(mark, "key", "a list or map cannot be a key", "use a plain name as the key");
      return false;
    }
    return builder_.begin(kind, mark);
  }

  bool alias(const yaml_event_t& event, Mark mark) {
    const std::string name = excerpt(view(event.data.alias.anchor));
    if (!builder_.add(mark, "alias", fmt::format("the alias *{} is not allowed", name),
                      "write the value out")) {
      return false;
    }
    if (builder_.wants_key()) return builder_.key("*" + name, mark);
    Node node;
    node.mark = mark;
    return builder_.scalar(std::move(node));
  }

  bool scalar(const yaml_event_t& event, Mark mark) {
    const auto& data = event.data.scalar;
    if (!properties(mark, view(data.anchor), view(data.tag))) return false;
    std::string spelling(reinterpret_cast<const char*>(data.value), data.length);
    const bool plain = data.style == YAML_PLAIN_SCALAR_STYLE;
    if (builder_.wants_key()) return key(std::move(spelling), mark, plain);
    if (plain && spelling.empty() && builder_.at_root()) {
      return builder_.add(mark, "empty-document", "the document is empty");
    }
    auto node = plain ? plain_scalar(spelling) : quoted_scalar(spelling);
    if (!node) {
      return builder_.add(mark, "number", fmt::format("{} cannot be held exactly", excerpt(spelling)),
                          "use a smaller or shorter number, or quote it if it is text") &&
             builder_.scalar(Node{});
    }
    node->mark = mark;
    return builder_.scalar(*std::move(node));
  }

  bool key(std::string name, Mark mark, bool plain) {
    if (plain && name == "<<" &&
        !builder_.add(mark, "merge-key", "merge keys (<<) are not allowed", "write the fields out")) {
      return false;
    }
    return builder_.key(std::move(name), mark);
  }

  std::string_view text_;
  TreeBuilder builder_;
  yaml_parser_t parser_{};
};

}  // namespace

Result<Node> parse_yaml(std::string_view text, const Limits& limits) {
  if (auto refused = check_text(text, limits)) return *std::move(refused);
  return Reader(without_byte_order_mark(text), limits).read();
}

}  // namespace sluice::text
