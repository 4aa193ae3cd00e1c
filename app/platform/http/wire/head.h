// The head of an HTTP/1.1 request, read strictly: whatever two parsers could understand differently is
// refused (request smuggling lives there). Pure; views point into the text that was given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "platform/http/message.h"

namespace sluice::http::wire {

// Why a request is not served; the connection is closed behind the answer. Constant texts only.
struct Refusal {
  int status = 400;
  std::string_view code;
  std::string_view message;
};

struct Field {
  std::string_view name;
  std::string_view value;  // without white space around it
};

struct Head {
  std::string_view method;
  std::string_view target;
  int minor_version = 1;  // HTTP/1.x
  std::vector<Field> fields;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;

  [[nodiscard]] std::string_view find(std::string_view name) const;  // "" when absent
};

enum class HeadEnd : std::uint8_t { kIncomplete, kFound, kBareLineFeed };

// Looks for the empty line that ends the head. `scanned` is how far earlier calls on the same bytes
// have looked; with kFound it becomes the length of the head, empty line included.
HeadEnd find_head_end(std::string_view bytes, std::size_t& scanned);

// What is wrong with a head that is still incomplete though `bytes` of it are here; 414 or 431.
std::optional<Refusal> check_incomplete(std::string_view bytes);

// `text` as far as find_head_end() said. Reuses the capacity of `head.fields`.
std::optional<Refusal> parse_head(std::string_view text, Head& head);

std::optional<Method> parse_method(std::string_view name);
bool equals_ignoring_case(std::string_view left, std::string_view right);
bool is_token(std::string_view text);        // RFC 9110 token, not empty
bool is_field_value(std::string_view text);  // no control characters but HTAB

}  // namespace sluice::http::wire
