#include "audit/domain/record.h"

#include <fmt/format.h>

#include <cstddef>

#include "platform/core/canonical_json.h"
#include "platform/core/sha256.h"

namespace sluice::audit::domain {
namespace {

void append_text(std::string& out, std::string_view key, std::string_view value) {
  out += key;
  append_canonical_string(out, value);
}

// Where the string that starts at `begin` ends; npos when it doesn't.
std::size_t end_of_string(std::string_view text, std::size_t begin) {
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] == '\\') ++i;
    else if (text[i] == '"') return i + 1;
  }
  return std::string_view::npos;
}

std::size_t end_of_container(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"') {
      i = end_of_string(text, i);
      if (i == std::string_view::npos) return i;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++i;
    if (depth == 0) return i;
  }
  return std::string_view::npos;
}

}  // namespace

// The members in the order of their names, as RFC 8785 wants them.
void append_canonical(std::string& out, const Record& record) {
  append_text(out, R"({"action":)", record.action);
  append_text(out, R"(,"actor":{"id":)", record.actor.id);
  append_text(out, R"(,"issuer":)", record.actor.issuer);
  append_text(out, R"(,"owner":)", record.actor.owner);
  append_text(out, R"(,"tokenId":)", record.actor.token_id);
  out.append(R"(},"after":)").append(record.after);
  append_text(out, R"(,"at":)", format_rfc3339(record.at));
  out.append(R"(,"before":)").append(record.before);
  append_text(out, R"(,"changeId":)", record.change_id);
  append_text(out, R"(,"detail":)", record.detail);
  append_text(out, R"(,"environment":)", record.environment);
  append_text(out, R"(,"name":)", record.name);
  append_text(out, R"(,"outcome":)", record.outcome);
  append_text(out, R"(,"prev":)", record.prev);
  append_text(out, R"(,"requestId":)", record.request_id);
  const fmt::format_int seq(record.seq);
  out.append(R"(,"seq":)").append(seq.data(), seq.size());
  append_text(out, R"(,"target":)", record.target);
  out.push_back('}');
}

std::string hash_of(const Record& record) {
  std::string text;
  append_canonical(text, record);
  return sha256_hex(text);
}

bool is_one_value(std::string_view text) {
  if (text.empty()) return false;
  switch (text.front()) {
    case '"': return end_of_string(text, 0) == text.size();
    case '{':
    case '[': return end_of_container(text) == text.size();
    default: return text.find_first_of("{}[]\",: \t\r\n") == std::string_view::npos;
  }
}

}  // namespace sluice::audit::domain
