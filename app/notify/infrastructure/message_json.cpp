#include "notify/infrastructure/message_json.h"

#include "notify/contract/issue_key.h"
#include "platform/text/json.h"

namespace sluice::notify::infrastructure {
namespace {

std::string text_of(const Json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}

Error not_ours() {
  return {ErrorKind::kInternal, "notify.message", "A kept notification is not one that this program wrote.", "", {}};
}

}  // namespace

domain::Message message_of(const contract::Notification& notification, TimePoint at) {
  std::string issue = contract::issue_key_in(notification.issue);
  if (issue.empty()) issue = contract::issue_key_in(notification.change_id);
  return {.event = std::string(contract::to_string(notification.event)),
          .environment = notification.environment,
          .change_id = notification.change_id,
          .issue = std::move(issue),
          .actor = notification.actor.id,
          .owner = notification.actor.owner,
          .summary = notification.summary,
          .facts = notification.facts.is_object() ? notification.facts : Json::object(),
          .at = at};
}

std::string write_message(const domain::Message& message) {
  const Json json{{"event", message.event},     {"environment", message.environment},
                  {"changeId", message.change_id}, {"issue", message.issue},
                  {"actor", message.actor},     {"owner", message.owner},
                  {"summary", message.summary}, {"facts", message.facts},
                  {"at", format_rfc3339(message.at)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<domain::Message> read_message(const std::string& text) {
  SLUICE_TRY(const text::Node node, text::parse_json(text));
  const Json json = text::to_json(node);
  const auto at = parse_rfc3339(text_of(json, "at"));
  if (!json.is_object() || !at) return not_ours();
  const auto facts = json.find("facts");
  return domain::Message{.event = text_of(json, "event"),
                         .environment = text_of(json, "environment"),
                         .change_id = text_of(json, "changeId"),
                         .issue = text_of(json, "issue"),
                         .actor = text_of(json, "actor"),
                         .owner = text_of(json, "owner"),
                         .summary = text_of(json, "summary"),
                         .facts = facts != json.end() ? *facts : Json::object(),
                         .at = *at};
}

}  // namespace sluice::notify::infrastructure
