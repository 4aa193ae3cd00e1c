#include "notify/interface/notification_routes.h"

#include <memory>

#include "notify/contract/issue_key.h"
#include "platform/core/id_source.h"
#include "platform/core/text.h"
#include "platform/http/query.h"
#include "platform/text/json.h"
#include "platform/text/map_reader.h"

namespace sluice::notify::interface {
namespace {

using domain::DeliveryRecord;

constexpr int kDefaultPage = 100;
constexpr int kMostPage = 500;
constexpr std::size_t kLongestTarget = 30;

// As the configuration spells names.
bool is_target_name(std::string_view text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.size() <= kLongestTarget && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

Result<std::string> after_of(const http::Request& request) {
  const auto after = request.query_value("after");
  if (after && !is_uuid(*after)) return http::wrong_query("after", "after must be the id of a notification.");
  return std::string(after.value_or(""));
}

Result<domain::DeliveryFilter> filter_of(const http::Request& request) {
  domain::DeliveryFilter filter;
  if (const auto text = request.query_value("state")) {
    filter.state = domain::parse_delivery_state(*text);
    if (!filter.state || to_lower(*text) != *text) return http::wrong_query("state", "state must be pending, delivered or dead.");
  }
  if (const auto target = request.query_value("target")) {
    if (target->empty() || !is_target_name(*target)) return http::wrong_query("target", "target must be a name of notify.targets.");
    filter.target = *target;
  }
  return filter;
}

Json to_json(const DeliveryRecord& record) {
  Json json{{"id", record.id},
            {"target", record.target},
            {"part", domain::to_string(record.part)},
            {"event", record.event},
            {"environment", record.environment},
            {"changeId", record.change_id},
            {"state", domain::to_string(record.state)},
            {"attempts", record.attempts},
            {"createdAt", format_rfc3339(record.created_at)}};
  if (!record.reason.empty()) json["reason"] = record.reason;
  if (record.state == domain::DeliveryState::kPending) json["dueAt"] = format_rfc3339(record.due_at);
  if (record.finished_at) json["finishedAt"] = format_rfc3339(*record.finished_at);
  return json;
}

class NotificationApi {
 public:
  NotificationApi(application::NotificationsDesk& desk, log::Logger logger) : desk_(desk), logger_(std::move(logger)) {}

  Result<http::Response> list(const http::Request& request) {
    SLUICE_TRY(const int limit, http::limit_of(request, kDefaultPage, kMostPage));
    SLUICE_TRY(const std::string after, after_of(request));
    SLUICE_TRY(const domain::DeliveryFilter filter, filter_of(request));
    SLUICE_TRY(const auto page, desk_.list(filter, after, limit + 1));  // one more tells whether there is a next page
    Json answer{{"notifications", Json::array()}};
    const auto shown = std::min(page.size(), static_cast<std::size_t>(limit));
    for (std::size_t i = 0; i < shown; ++i) answer["notifications"].push_back(to_json(page[i]));
    if (page.size() > shown) answer["next"] = page[shown - 1].id;
    return http::Response::json(200, answer);
  }

  Result<http::Response> retry(const http::Request& request) {
    const std::string id(request.path_value("id"));
    SLUICE_CHECK(desk_.retry(id));
    logger_.info("notification tried again",
                 {{"id", id}, {"by", request.principal->id}, {"request_id", request.request_id}});
    return http::Response::text(204, "");
  }

  Result<http::Response> test(const http::Request& request) {
    SLUICE_TRY(const text::Node document, text::parse_json(request.body));
    std::vector<Problem> problems;
    text::MapReader reader(document, "", problems);
    const std::string target = reader.required_string(
        "target", {.max = kLongestTarget, .matches = is_target_name, .expected = "a name of notify.targets"});
    const std::string issue =
        reader.string("issue", {.max = 40, .matches = contract::is_issue_key, .expected = "a Jira key, such as PAY-123"}).value_or("");
    reader.finish();
    if (!problems.empty()) {
      return Error{ErrorKind::kInvalid, "request.invalid", "The request is not valid.", "", std::move(problems)};
    }
    SLUICE_CHECK(desk_.test(target, issue, request.principal->id));
    return http::Response::json(200, {{"target", target}, {"delivered", true}});
  }

 private:
  application::NotificationsDesk& desk_;
  const log::Logger logger_;
};

using Endpoint = Result<http::Response> (NotificationApi::*)(const http::Request&);

http::Route route(http::Method method, std::string pattern, std::string operation_id,
                  std::shared_ptr<NotificationApi> api, Endpoint endpoint) {
  http::Route route;
  route.method = method;
  route.pattern = std::move(pattern);
  route.operation_id = std::move(operation_id);
  route.access = http::Access::at_least(auth::Role::kAdmin);
  route.handler = [api = std::move(api), endpoint](http::Request request, http::Responder responder) {
    auto response = ((*api).*endpoint)(request);
    responder.send(response ? std::move(*response) : http::Response::problem(response.error(), request.request_id));
  };
  return route;
}

}  // namespace

std::vector<http::Route> notification_routes(application::NotificationsDesk& desk, log::Logger logger) {
  const auto api = std::make_shared<NotificationApi>(desk, std::move(logger));
  std::vector<http::Route> routes;
  routes.push_back(route(http::Method::kGet, "/v1/notifications", "listNotifications", api, &NotificationApi::list));
  http::Route test = route(http::Method::kPost, "/v1/notifications/test", "testNotification", api, &NotificationApi::test);
  test.content_types = {"application/json"};
  routes.push_back(std::move(test));
  routes.push_back(
      route(http::Method::kPost, "/v1/notifications/{id}/retry", "retryNotification", api, &NotificationApi::retry));
  return routes;
}

}  // namespace sluice::notify::interface
