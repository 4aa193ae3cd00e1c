#include "governance/interface/changes/change_routes.h"

#include <memory>

#include "governance/interface/changes/change_caller.h"
#include "governance/interface/query.h"
#include "platform/text/json.h"
#include "platform/text/map_reader.h"

namespace sluice::governance::interface {
namespace {

using auth::Role;

constexpr int kDefaultPage = 100;
constexpr int kMostPage = 500;
constexpr std::size_t kDigestChars = 64;

struct DecisionBody {
  std::string digest;
  std::string comment;
};

bool is_digest(std::string_view text) {
  return text.size() == kDigestChars && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// A body may be left out where nothing in it is required.
Result<DecisionBody> read_body(const http::Request& request, bool with_digest) {
  DecisionBody body;
  if (request.body.empty() && !with_digest) return body;
  SLUICE_TRY(const text::Node document, text::parse_json(request.body));
  std::vector<Problem> problems;
  text::MapReader reader(document, "", problems);
  if (with_digest) {
    body.digest = reader.required_string("digest", {.max = kDigestChars, .matches = is_digest, .expected = "64 hex digits, as the plan shows them"});
  }
  body.comment = reader.string("comment", {.max = 2000}).value_or("");
  reader.finish();
  if (problems.empty()) return body;
  return Error{ErrorKind::kInvalid, "change.request", "The decision can't be read.", "", std::move(problems)};
}

Result<domain::ChangeFilter> read_filter(const http::Request& request) {
  domain::ChangeFilter filter;
  SLUICE_TRY(filter.limit, limit_of(request, kDefaultPage, kMostPage));
  if (const auto state = request.query_value("state")) {
    filter.state = domain::parse_change_state(*state);
    if (!filter.state) return wrong_query("state", "state must be PLANNED, APPROVED, REJECTED, CANCELLED, APPLYING, APPLIED, PARTIAL or FAILED.");
  }
  if (const auto env = request.query_value("env")) filter.environment = domain::EnvironmentName{std::string(*env)};
  if (const auto requester = request.query_value("requester")) filter.requester = std::string(*requester);
  if (const auto after = request.query_value("after")) {
    filter.after = application::read_place(*after);
    if (!filter.after) return wrong_query("after", "after must be what `next` of the page before says.");
  }
  return filter;
}

domain::ChangeId change_of(const http::Request& request) {
  return domain::ChangeId{std::string(request.path_value("changeId"))};
}

Json to_json(const domain::ChangeId& change, const application::Decided& decided) {
  return {{"changeId", change.str()},
          {"revision", decided.revision},
          {"digest", decided.digest},
          {"state", domain::to_string(decided.state)}};
}

class ChangeApi {
 public:
  explicit ChangeApi(const ChangeRoutesServices& services) : services_(services) {}

  Result<http::Response> approve(const http::Request& request) {
    const domain::ChangeId change = change_of(request);
    SLUICE_TRY(const DecisionBody body, read_body(request, true));
    SLUICE_TRY(const application::Approved approved,
               services_.decisions.approve(change, body.digest, body.comment, caller_of(request), request.deadline));
    log("change approved", request, change, approved.digest);
    const bool complete = approved.remaining == 0;
    Json json{{"changeId", change.str()},
              {"revision", approved.revision},
              {"digest", approved.digest},
              {"state", complete ? "APPROVED" : "PLANNED"},
              {"remaining", approved.remaining},
              {"expiresAt", format_rfc3339(approved.expires_at)}};
    if (complete) json["approvalToken"] = approved.token;
    http::Response response = http::Response::json(complete ? 200 : 202, json);
    response.headers.set("Cache-Control", "no-store");
    return response;
  }

  Result<http::Response> reject(const http::Request& request) {
    return decide(request, "change rejected", &application::DecideChange::reject);
  }
  Result<http::Response> cancel(const http::Request& request) {
    return decide(request, "change cancelled", &application::DecideChange::cancel);
  }

  Result<http::Response> show(const http::Request& request) {
    SLUICE_TRY(const Json story, services_.changes.story(change_of(request), caller_of(request), request.deadline));
    return http::Response::json(200, story);
  }

  Result<http::Response> list(const http::Request& request) {
    SLUICE_TRY(const domain::ChangeFilter filter, read_filter(request));
    SLUICE_TRY(const Json page, services_.changes.list(filter, caller_of(request), request.deadline));
    return http::Response::json(200, page);
  }

 private:
  using Decision = Result<application::Decided> (application::DecideChange::*)(const domain::ChangeId&,
                                                                               const std::string&,
                                                                               const application::Caller&, Deadline);
  Result<http::Response> decide(const http::Request& request, std::string_view message, Decision decision) {
    const domain::ChangeId change = change_of(request);
    SLUICE_TRY(const DecisionBody body, read_body(request, false));
    SLUICE_TRY(const application::Decided decided,
               (services_.decisions.*decision)(change, body.comment, caller_of(request), request.deadline));
    log(message, request, change, decided.digest);
    return http::Response::json(200, to_json(change, decided));
  }

  void log(std::string_view message, const http::Request& request, const domain::ChangeId& change,
           const std::string& digest) const {
    services_.logger.info(message, {{"request_id", request.request_id},
                                    {"trace_id", request.trace.trace_id},
                                    {"change_id", change.str()},
                                    {"by", request.principal->id},
                                    {"digest", digest}});
  }

  ChangeRoutesServices services_;
};

using Endpoint = Result<http::Response> (ChangeApi::*)(const http::Request&);

http::Route route(http::Method method, std::string pattern, std::string operation_id, Role role,
                  std::shared_ptr<ChangeApi> api, Endpoint endpoint) {
  http::Route route;
  route.method = method;
  route.pattern = std::move(pattern);
  route.operation_id = std::move(operation_id);
  route.access = http::Access::at_least(role);
  if (method == http::Method::kPost) route.content_types = {"application/json"};
  route.handler = [api = std::move(api), endpoint](const http::Request& request, http::Responder responder) {
    auto response = ((*api).*endpoint)(request);
    responder.send(response ? std::move(*response)
                            : http::Response::problem(response.error(), request.request_id));
  };
  return route;
}

}  // namespace

std::vector<http::Route> change_routes(const ChangeRoutesServices& services) {
  using http::Method;
  const auto api = std::make_shared<ChangeApi>(services);
  std::vector<http::Route> routes;
  routes.push_back(route(Method::kGet, "/v1/changes", "listChanges", Role::kViewer, api, &ChangeApi::list));
  routes.push_back(route(Method::kGet, "/v1/changes/{changeId}", "getChange", Role::kViewer, api, &ChangeApi::show));
  routes.push_back(route(Method::kPost, "/v1/changes/{changeId}/approve", "approveChange", Role::kApprover, api,
                         &ChangeApi::approve));
  routes.push_back(route(Method::kPost, "/v1/changes/{changeId}/reject", "rejectChange", Role::kApprover, api,
                         &ChangeApi::reject));
  routes.push_back(route(Method::kPost, "/v1/changes/{changeId}/cancel", "cancelChange", Role::kEditor, api,
                         &ChangeApi::cancel));
  return routes;
}

}  // namespace sluice::governance::interface
