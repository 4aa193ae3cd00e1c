#include "platform/http/wire/target.h"

#include <algorithm>

#include "platform/core/text.h"
#include "platform/http/limits.h"

namespace sluice::http::wire {
namespace {

constexpr Refusal kForm{400, "http.target", "The request target is not a path that begins with a slash."};
constexpr Refusal kEscape{400, "http.target-escape", "The request target has an invalid %-escape."};
constexpr Refusal kCharacters{400, "http.target-characters", "The request target decodes to control characters or to what is not UTF-8."};
constexpr Refusal kDots{400, "http.target-dots", "The path has a \".\" or \"..\" segment."};
constexpr Refusal kParameters{400, "http.query", "The query has more than 100 parameters."};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_sound(std::string_view decoded) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return std::none_of(decoded.begin(), decoded.end(), control) && is_valid_utf8(decoded);
}

bool has_dot_segment(std::string_view path) {
  for (auto at = path.find("/."); at != std::string_view::npos; at = path.find("/.", at + 1)) {
    const auto segment = path.substr(at + 1, path.find('/', at + 1) - at - 1);
    if (segment == "." || segment == "..") return true;
  }
  return false;
}

std::optional<Refusal> parse_query(std::string_view text, Parameters& query) {
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = percent_decode(pair.substr(0, equals), true);
    auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value) return kEscape;
    if (!is_valid_utf8(*name) || !is_valid_utf8(*value) || name->find('\0') != std::string::npos ||
        value->find('\0') != std::string::npos)
      return kCharacters;
    if (query.size() >= limits::kQueryParameters) return kParameters;
    query.emplace_back(std::move(*name), std::move(*value));
  }
  return std::nullopt;
}

// The absolute form names the host again; only its path matters here.
std::string_view without_origin(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equals_ignoring_case(text.substr(0, scheme.size()), scheme)) continue;
    const auto path = text.find_first_of("/?", scheme.size());
    return path == std::string_view::npos ? std::string_view{"/"} : text.substr(path);
  }
  return text;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      decoded.push_back(' ');
    } else if (text[i] != '%') {
      decoded.push_back(text[i]);
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      decoded.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return decoded;
}

std::string percent_encode(std::string_view text, std::string_view keep) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       std::string_view{"-._~"}.find(c) != std::string_view::npos ||
                       keep.find(c) != std::string_view::npos;
    if (plain) {
      encoded.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded.append({'%', kHex[byte >> 4U], kHex[byte & 15U]});
    }
  }
  return encoded;
}

std::optional<Refusal> parse_target(std::string_view text, Target& target) {
  target = Target{};
  if (text == "*") {
    target.raw_path = text;
    target.path = text;
    return std::nullopt;
  }
  text = without_origin(text);
  const auto question = std::min(text.find('?'), text.size());
  target.raw_path = text.substr(0, question);
  if (!target.raw_path.starts_with('/')) return kForm;
  auto path = percent_decode(target.raw_path);
  if (!path) return kEscape;
  if (!is_sound(*path)) return kCharacters;
  if (has_dot_segment(*path)) return kDots;
  target.path = std::move(*path);
  return parse_query(text.substr(std::min(question + 1, text.size())), target.query);
}

}  // namespace sluice::http::wire
