#include "governance/interface/policies/policy_routes.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <memory>

#include "governance/interface/document_body.h"
#include "platform/http/problem.h"
#include "platform/text/json.h"
#include "platform/text/map_reader.h"

namespace sluice::governance::interface {
namespace {

using application::PolicyAnswer;
using application::PolicyRequest;
using application::PolicyVersion;
using auth::Role;

constexpr int kDefaultPage = 50;
constexpr int kMostPage = 200;

Error wrong_request(std::string_view field, std::string_view message, std::string_view fix) {
  return {ErrorKind::kInvalid, "request.invalid", "The request is not valid.", "",
          {{std::string(field), "pattern", std::string(message), std::string(fix), 0, 0}}};
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || value < 1) return std::nullopt;
  return value;
}

// "3" in quotes, as ETag gives it; the weak form that proxies make of it is the same version.
Result<std::optional<std::int64_t>> if_match_of(const http::Request& request) {
  std::string_view text = request.headers.get("if-match");
  if (text.empty()) return std::optional<std::int64_t>();
  if (text.starts_with("W/")) text.remove_prefix(2);
  const bool quoted = text.size() > 2 && text.front() == '"' && text.back() == '"';
  const auto version = quoted ? whole_number(text.substr(1, text.size() - 2)) : std::nullopt;
  if (!version) return wrong_request("if-match", "If-Match must be an ETag of GET /v1/policies.", "Send it as it came: \"3\".");
  return version;
}

Result<std::int64_t> version_in_query(const http::Request& request, std::string_view name) {
  const auto text = request.query_value(name);
  const auto version = text ? whole_number(*text) : std::nullopt;
  if (!version) return wrong_request(name, fmt::format("{} must be a version's number, from 1.", name), "");
  return *version;
}

Result<std::int64_t> optional_number(const http::Request& request, std::string_view name, std::int64_t otherwise) {
  if (!request.query_value(name)) return otherwise;
  return version_in_query(request, name);
}

Json version_to_json(const PolicyVersion& version) {
  Json json{{"version", version.version},
            {"digest", version.digest},
            {"documentVersion", version.label},
            {"author", version.author.id},
            {"createdAt", format_rfc3339(version.created_at)}};
  if (!version.change_id.empty()) json["changeId"] = version.change_id;
  return json;
}

http::Response with_etag(http::Response response, const PolicyVersion& version) {
  response.headers.set("etag", fmt::format("\"{}\"", version.version));
  return response;
}

Json names_of(const std::vector<domain::EnvironmentName>& environments) {
  Json names = Json::array();
  for (const auto& one : environments) names.push_back(one.str());
  return names;
}

// Two conditions have statuses that no kind of error stands for.
http::Response failed(const Error& error, std::string_view request_id) {
  if (error.code == "policy.precondition-required") return http::problem_with_status(428, error, request_id);
  const bool outdated = error.code == "policy.precondition-failed" || error.code == "policy.version-taken";
  return outdated ? http::problem_with_status(412, error, request_id) : http::Response::problem(error, request_id);
}

class PolicyApi {
 public:
  explicit PolicyApi(PolicyRoutesServices services) : services_(std::move(services)) {}

  Result<http::Response> get(const http::Request& request) {
    SLUICE_TRY(const PolicyVersion version, services_.policies.in_force(request.deadline));
    return whole(version);
  }

  Result<http::Response> one_version(const http::Request& request) {
    const auto number = whole_number(request.path_value("version"));
    if (!number) return wrong_request("version", "version must be a number, from 1.", "");
    SLUICE_TRY(const PolicyVersion version, services_.policies.version(*number, request.deadline));
    return whole(version);
  }

  Result<http::Response> history(const http::Request& request) {
    constexpr auto kNewest = std::numeric_limits<std::int64_t>::max();
    SLUICE_TRY(const std::int64_t before, optional_number(request, "before", kNewest));
    SLUICE_TRY(const std::int64_t limit, optional_number(request, "limit", kDefaultPage));
    if (limit > kMostPage) return wrong_request("limit", fmt::format("limit must be from 1 to {}.", kMostPage), "");
    SLUICE_TRY(const auto versions, services_.policies.history(before, static_cast<int>(limit), request.deadline));
    Json items = Json::array();
    for (const PolicyVersion& version : versions) items.push_back(version_to_json(version));
    Json json{{"items", std::move(items)}};
    const bool more = static_cast<std::int64_t>(versions.size()) == limit && versions.back().version > 1;
    if (more) json["next"] = std::to_string(versions.back().version);
    return http::Response::json(200, json);
  }

  Result<http::Response> diff(const http::Request& request) {
    SLUICE_TRY(const std::int64_t from, version_in_query(request, "from"));
    SLUICE_TRY(const std::int64_t to, version_in_query(request, "to"));
    SLUICE_TRY(const Json json, services_.policies.diff(from, to, request.deadline));
    return http::Response::json(200, json);
  }

  Result<http::Response> put(const http::Request& request) {
    SLUICE_CHECK(require_admin(request));
    SLUICE_TRY(PolicyRequest wanted, request_of(request));
    wanted.document = request.body;
    SLUICE_TRY(wanted.if_match, if_match_of(request));
    wanted.approval_token = request.headers.get("x-approval-token");
    SLUICE_TRY(const PolicyAnswer answer, services_.policies.put(wanted, request.deadline));
    if (answer.in_force) {
      log("policies changed", request, *answer.in_force);
      return with_etag(http::Response::json(200, version_to_json(*answer.in_force)), *answer.in_force);
    }
    return http::Response::json(202, {{"changeId", answer.change_id.str()},
                                      {"revision", answer.revision},
                                      {"digest", answer.digest},
                                      {"requiredApprovals", answer.required_approvals},
                                      {"touched", names_of(answer.touched)}});
  }

  Result<http::Response> apply(const http::Request& request) {
    SLUICE_CHECK(require_admin(request));
    SLUICE_TRY(const text::Node document, text::parse_json(request.body));
    std::vector<Problem> problems;
    text::MapReader reader(document, "", problems);
    const domain::ChangeId change{reader.required_string("changeId", {.max = 200})};
    SLUICE_TRY(PolicyRequest wanted, request_of(request));
    wanted.approval_token = reader.string("approvalToken", {.max = 16'384}).value_or("");
    reader.finish();
    if (!problems.empty()) {
      return Error{ErrorKind::kInvalid, "request.invalid", "The request is not valid.", "", std::move(problems)};
    }
    SLUICE_TRY(const PolicyVersion version, services_.policies.apply(change, wanted, request.deadline));
    log("policies changed", request, version);
    return with_etag(http::Response::json(200, version_to_json(version)), version);
  }

  Result<http::Response> preview(const http::Request& request) {
    SLUICE_TRY(const Json json, services_.preview.preview(request.body, request.deadline));
    return http::Response::json(200, json);
  }

 private:
  // The document decides everywhere, so only an admin of everything may change it.
  static Status require_admin(const http::Request& request) {
    if (request.principal->may_grant({Role::kAdmin, "*", "*"})) return {};
    return Error{ErrorKind::kForbidden, "auth.forbidden", "Changing the policies needs the role admin everywhere.",
                 "Ask an admin whose grant covers all environments and names.", {}};
  }

  static Result<PolicyRequest> request_of(const http::Request& request) {
    PolicyRequest wanted;
    wanted.actor = auth::actor_of(*request.principal);
    wanted.request_id = request.request_id;
    return wanted;
  }

  Result<http::Response> whole(const PolicyVersion& version) {
    SLUICE_TRY(const auto read, services_.read(version.document));
    Json json = version_to_json(version);
    json["document"] = read.json;
    json["text"] = version.document;
    return with_etag(http::Response::json(200, json), version);
  }

  void log(std::string_view message, const http::Request& request, const PolicyVersion& version) const {
    services_.logger.info(std::string(message), {{"request_id", request.request_id},
                                                 {"version", version.version},
                                                 {"digest", version.digest},
                                                 {"author", version.author.id}});
  }

  PolicyRoutesServices services_;
};

using Endpoint = Result<http::Response> (PolicyApi::*)(const http::Request&);

http::Route route(const std::shared_ptr<PolicyApi>& api, http::Method method, std::string pattern,
                  std::string operation, Role role, std::vector<std::string> content_types, Endpoint endpoint) {
  http::Route route;
  route.method = method;
  route.pattern = std::move(pattern);
  route.operation_id = std::move(operation);
  route.access = http::Access::at_least(role);
  route.content_types = std::move(content_types);
  route.handler = [api, endpoint](const http::Request& request, http::Responder responder) {
    auto response = ((*api).*endpoint)(request);
    responder.send(response ? std::move(*response) : failed(response.error(), request.request_id));
  };
  return route;
}

}  // namespace

std::vector<http::Route> policy_routes(const PolicyRoutesServices& services) {
  const auto api = std::make_shared<PolicyApi>(services);
  using http::Method;
  return {
      route(api, Method::kGet, "/v1/policies", "getPolicies", Role::kViewer, {}, &PolicyApi::get),
      route(api, Method::kPut, "/v1/policies", "putPolicies", Role::kAdmin, document_content_types(), &PolicyApi::put),
      route(api, Method::kPost, "/v1/policies/apply", "applyPolicies", Role::kAdmin, {"application/json"}, &PolicyApi::apply),
      route(api, Method::kGet, "/v1/policies/diff", "diffPolicies", Role::kViewer, {}, &PolicyApi::diff),
      route(api, Method::kGet, "/v1/policies/history", "listPolicyVersions", Role::kViewer, {}, &PolicyApi::history),
      route(api, Method::kPost, "/v1/policies/preview", "previewPolicies", Role::kAdmin, document_content_types(),
            &PolicyApi::preview),
      route(api, Method::kGet, "/v1/policies/versions/{version}", "getPolicyVersion", Role::kViewer, {},
            &PolicyApi::one_version),
  };
}

}  // namespace sluice::governance::interface
