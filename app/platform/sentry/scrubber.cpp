#include "platform/sentry/scrubber.h"

#include <algorithm>
#include <array>

#include "platform/core/text.h"

namespace sluice::sentry {
namespace {

constexpr std::size_t kShortestKnown = 4;    // a shorter one would blank out half of every text
constexpr std::size_t kShortestRandom = 20;  // of what looks like a key

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_name(char c) { return is_digit(c) || is_lower(c) || is_upper(c) || c == '_' || c == '-' || c == '.'; }
bool is_key(char c) { return is_digit(c) || is_lower(c) || is_upper(c) || c == '_' || c == '-' || c == '+'; }
bool is_end(char c) { return c == ' ' || c == '&' || c == ',' || c == ';' || c == '}' || c == ')' || c == '\n' || c == '\r' || c == '\t'; }

bool names_any_secret(std::string_view name) {
  constexpr std::array<std::string_view, 11> kParts{"authorization", "cookie", "passwd",    "pwd",     "api_key", "apikey",
                                                    "api-key",       "dsn",    "signature", "private", "credential"};
  const std::string lower = to_lower(name);
  return names_a_secret(lower) ||
         std::any_of(kParts.begin(), kParts.end(), [&](std::string_view part) { return lower.find(part) != std::string::npos; });
}

std::string without(std::string text, const std::string& secret) {
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
    text.replace(at, secret.size(), kScrubbed);
    at += kScrubbed.size();
  }
  return text;
}

// https://user:password@host → https://[scrubbed]@host
std::string without_user_info(std::string text) {
  for (auto at = text.find("://"); at != std::string::npos; at = text.find("://", at)) {
    at += 3;
    const auto end = std::min(text.find_first_of("/?# \t\r\n\"'<>", at), text.size());
    const auto sign = text.rfind('@', end);
    if (sign == std::string::npos || sign < at) continue;
    text.replace(at, sign - at, kScrubbed);
  }
  return text;
}

std::size_t end_of_value(const std::string& text, std::size_t begin) {
  if (begin < text.size() && (text[begin] == '"' || text[begin] == '\'')) {
    return std::min(text.find(text[begin], begin + 1), text.size());
  }
  std::size_t end = begin;
  while (end < text.size() && !is_end(text[end])) ++end;
  return end;
}

// After "Basic" or "Bearer" comes what matters.
std::size_t after_scheme(const std::string& text, std::size_t begin) {
  for (const std::string_view scheme : {"bearer ", "basic "}) {
    if (to_lower(std::string_view(text).substr(begin, scheme.size())) == scheme) return begin + scheme.size();
  }
  return begin;
}

// password=x, "token": "x", Authorization: Bearer x
std::string without_named(std::string text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=' && text[i] != ':') continue;
    std::size_t name_end = i;
    while (name_end > 0 && text[name_end - 1] == ' ') --name_end;
    if (name_end > 0 && (text[name_end - 1] == '"' || text[name_end - 1] == '\'')) --name_end;
    std::size_t name = name_end;
    while (name > 0 && is_name(text[name - 1])) --name;
    const std::string_view named = std::string_view(text).substr(name, name_end - name);
    if (!names_any_secret(named)) continue;
    const bool whole_line = text[i] == ':' && to_lower(named).find("cookie") != std::string::npos;
    std::size_t begin = i + 1;
    while (begin < text.size() && text[begin] == ' ') ++begin;
    begin = after_scheme(text, begin);
    const std::size_t end = whole_line ? std::min(text.find_first_of("\r\n", begin), text.size()) : end_of_value(text, begin);
    if (end == begin) continue;
    text.replace(begin, end - begin, kScrubbed);
    i = begin + kScrubbed.size() - 1;
  }
  return text;
}

std::string without_schemes(std::string text) {
  for (const std::string_view scheme : {"bearer ", "basic "}) {
    std::string lower = to_lower(text);
    for (auto at = lower.find(scheme); at != std::string::npos; at = lower.find(scheme, at)) {
      at += scheme.size();
      const std::size_t end = end_of_value(text, at);
      if (end == at) continue;
      text.replace(at, end - at, kScrubbed);
      lower = to_lower(text);
    }
  }
  return text;
}

// Letters of both cases and digits in one long run: keys and tokens. Hex digests stay.
bool looks_random(std::string_view run) {
  return run.size() >= kShortestRandom && std::any_of(run.begin(), run.end(), is_digit) &&
         std::any_of(run.begin(), run.end(), is_lower) && std::any_of(run.begin(), run.end(), is_upper);
}

std::string without_random(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_key(text[end])) ++end;
    const std::string_view run = std::string_view(text).substr(i, end - i);
    out += looks_random(run) ? kScrubbed : run;
    if (end < text.size()) out.push_back(text[end]);
    i = end + 1;
  }
  return out;
}

}  // namespace

Scrubber::Scrubber(std::vector<std::string> known_secrets) : known_(std::move(known_secrets)) {
  std::erase_if(known_, [](const std::string& secret) { return secret.size() < kShortestKnown; });
  std::sort(known_.begin(), known_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string Scrubber::text(std::string_view text) const {
  std::string out(text);
  for (const std::string& secret : known_) out = without(std::move(out), secret);
  return without_random(without_schemes(without_named(without_user_info(std::move(out)))));
}

std::string Scrubber::field(std::string_view name, std::string_view value) const {
  return names_any_secret(name) ? std::string(kScrubbed) : text(value);
}

}  // namespace sluice::sentry
