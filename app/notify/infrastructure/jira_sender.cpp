#include "notify/infrastructure/jira_sender.h"

#include <fmt/format.h>

#include "notify/domain/wording.h"
#include "notify/infrastructure/links.h"
#include "platform/core/base64.h"
#include "platform/core/text.h"
#include "platform/text/json.h"

namespace sluice::notify::infrastructure {
namespace {

using domain::SendOutcome;

std::string base_path(std::string path, JiraApi api) {
  while (path.ends_with('/')) path.pop_back();
  return path + (api == JiraApi::kV2 ? "/rest/api/2" : "/rest/api/3");
}

std::string authorization(const JiraOptions& options) {
  if (options.user.empty()) return "Bearer " + options.token;
  return "Basic " + to_base64(options.user + ":" + options.token);
}

std::string text_at(const text::Node& node, std::string_view name) {
  const text::Node* found = node.find(name);
  return found != nullptr && found->is_scalar() ? found->spelling : std::string();
}

bool same_name(const std::string& a, const std::string& b) { return to_lower(a) == to_lower(b); }

// The id of the transition with this name, or of one that leads to the status with this name.
std::string transition_id(const text::Node& answer, const std::string& name) {
  const text::Node* list = answer.find("transitions");
  if (list == nullptr) return "";
  for (const text::Node& one : list->items) {
    const text::Node* to = one.find("to");
    if (same_name(text_at(one, "name"), name) || (to != nullptr && same_name(text_at(*to, "name"), name))) {
      return text_at(one, "id");
    }
  }
  return "";
}

std::string status_of(const text::Node& issue) {
  const text::Node* fields = issue.find("fields");
  const text::Node* status = fields == nullptr ? nullptr : fields->find("status");
  return status == nullptr ? "" : text_at(*status, "name");
}

}  // namespace

JiraSender::JiraSender(Destination destination, Reach reach, JiraOptions options)
    : client_(destination, reach, {options.token, authorization(options)}),
      options_(std::move(options)),
      base_(base_path(destination.path, options_.api)) {
  headers_.set("authorization", authorization(options_));
}

SendOutcome JiraSender::send(const domain::Delivery& delivery) {
  const domain::Message& message = delivery.message;
  if (message.issue.empty()) return client_.outcome_of(call(http::Method::kGet, "/myself"));  // a test without an issue
  if (delivery.part == domain::Part::kMessage) return comment(message);
  const auto wanted = options_.transitions.find(message.event);
  if (wanted == options_.transitions.end()) return SendOutcome::refused("no transition is configured for this event any more");
  return transition(message.issue, wanted->second);
}

SendOutcome JiraSender::comment(const domain::Message& message) {
  const std::string link = change_link(options_.link_url, message.change_id);
  Json body = Json::object();
  if (options_.api == JiraApi::kV2) {
    body["body"] = domain::jira_wiki_text(message, link);
  } else {
    body["body"] = domain::jira_document(message, link);
  }
  return client_.outcome_of(call(http::Method::kPost, fmt::format("/issue/{}/comment", message.issue), body.dump()));
}

SendOutcome JiraSender::transition(const std::string& issue, const std::string& name) {
  const std::string path = fmt::format("/issue/{}/transitions", issue);
  const auto offered = call(http::Method::kGet, path);
  if (const SendOutcome outcome = client_.outcome_of(offered); outcome.kind != SendOutcome::Kind::kDelivered) return outcome;
  const auto answer = text::parse_json(offered->body);
  if (!answer) return SendOutcome::failed("the list of transitions can't be read");
  const std::string id = transition_id(*answer, name);
  if (id.empty()) return already_there(issue, name);
  const Json body{{"transition", {{"id", id}}}};
  return client_.outcome_of(call(http::Method::kPost, path, body.dump()));
}

SendOutcome JiraSender::already_there(const std::string& issue, const std::string& name) {
  const auto read = call(http::Method::kGet, fmt::format("/issue/{}?fields=status", issue));
  if (const SendOutcome outcome = client_.outcome_of(read); outcome.kind != SendOutcome::Kind::kDelivered) return outcome;
  const auto answer = text::parse_json(read->body);
  if (!answer) return SendOutcome::failed("the issue's status can't be read");
  const std::string status = status_of(*answer);
  if (same_name(status, name)) return SendOutcome::delivered();
  return SendOutcome::refused(fmt::format("the issue offers no transition '{}' (its status: {})", name, printable(status, 60)));
}

Result<http::ClientResponse> JiraSender::call(http::Method method, const std::string& path, std::string body) {
  return client_.call(method, base_ + path, std::move(body), headers_);
}

}  // namespace sluice::notify::infrastructure
