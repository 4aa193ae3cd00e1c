#include "notify/domain/wording.h"

#include <fmt/format.h>

#include <string_view>

#include "platform/core/text.h"

namespace sluice::notify::domain {
namespace {

constexpr std::size_t kLongestPart = 1'000;

std::string who(const Message& message) {
  if (message.actor.empty()) return "";
  const bool alone = message.owner.empty() || message.owner == message.actor;
  return alone ? message.actor : fmt::format("{} ({})", message.actor, message.owner);
}

std::string shown(std::string_view text) { return printable(text, kLongestPart); }

std::string slack_escaped(std::string_view text) {
  std::string out;
  for (const char c : shown(text)) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string wiki_escaped(std::string_view text) {
  constexpr std::string_view kSpecial = "\\{}[]!|*_~^+-?";
  std::string out;
  for (const char c : shown(text)) {
    if (kSpecial.find(c) != std::string_view::npos) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

// " in prod by kim: 3 creates", each part escaped by the caller's rules.
template <typename Escape>
std::string rest_of(const Message& message, Escape escape) {
  std::string out;
  if (!message.environment.empty()) out += " in " + escape(message.environment);
  if (const std::string by = who(message); !by.empty()) out += " by " + escape(by);
  if (!message.summary.empty()) out += ": " + escape(message.summary);
  return out;
}

Json adf_text(std::string text) { return {{"type", "text"}, {"text", std::move(text)}}; }

}  // namespace

std::string slack_text(const Message& message, const std::string& link) {
  std::string out = fmt::format("*{}*", slack_escaped(title_of(message)));
  const std::string change = slack_escaped(message.change_id);
  if (!change.empty()) out += " " + (link.empty() ? change : fmt::format("<{}|{}>", slack_escaped(link), change));
  return out + rest_of(message, slack_escaped);
}

std::string jira_wiki_text(const Message& message, const std::string& link) {
  std::string out = fmt::format("*{}*", wiki_escaped(title_of(message)));
  if (!message.change_id.empty()) out += " " + wiki_escaped(message.change_id);
  out += rest_of(message, wiki_escaped);
  if (!link.empty()) out += "\n" + link;
  return out;
}

Json jira_document(const Message& message, const std::string& link) {
  Json title = adf_text(title_of(message));
  title["marks"] = Json::array({{{"type", "strong"}}});
  Json content = Json::array({std::move(title)});
  if (!message.change_id.empty()) {
    Json change = adf_text(shown(message.change_id));
    if (!link.empty()) change["marks"] = Json::array({{{"type", "link"}, {"attrs", {{"href", link}}}}});
    content.push_back(adf_text(" "));
    content.push_back(std::move(change));
  }
  if (std::string rest = rest_of(message, shown); !rest.empty()) content.push_back(adf_text(std::move(rest)));
  const Json paragraph{{"type", "paragraph"}, {"content", std::move(content)}};
  return {{"type", "doc"}, {"version", 1}, {"content", Json::array({paragraph})}};
}

}  // namespace sluice::notify::domain
