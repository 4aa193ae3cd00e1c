#include "sluice/token_routes.h"

#include <fmt/format.h>

#include <memory>

#include "platform/auth/grants.h"
#include "platform/core/text.h"
#include "platform/http/query.h"
#include "platform/text/json.h"
#include "sluice/token_audit.h"
#include "sluice/token_json.h"

namespace sluice {
namespace {

constexpr int kDefaultPage = 100;
constexpr int kMostPage = 500;

Status require_own_scope(const auth::Principal& caller, const std::vector<auth::Grant>& grants) {
  for (const auth::Grant& grant : grants) {
    if (caller.may_grant(grant)) continue;
    return Error{ErrorKind::kForbidden, "auth.forbidden",
                 fmt::format("'{}' for '{}' in environment '{}' is more than your own admin grants cover.",
                             auth::to_string(grant.role), grant.name_pattern, grant.environment),
                 "Stay within your grants, or ask an admin with wider ones.", {}};
  }
  return {};
}

// What such a token issues would count as its owner alone, so its issuer could pass for somebody else.
Status require_one_person(const auth::Principal& caller) {
  if (caller.issuer.empty() || to_lower(caller.issuer) == to_lower(caller.owner)) return {};
  return Error{ErrorKind::kForbidden, "auth.issuer-differs",
               fmt::format("Your token was issued by '{}' for '{}'; a token that stands for two people issues none.",
                           caller.issuer, caller.owner),
               "Use a token that its own owner had issued, or sign in.", {}};
}

Result<std::string_view> after_of(const http::Request& request) {
  const auto text = request.query_value("after");
  if (!text) return std::string_view();
  if (!auth::is_service_token_id(*text)) return http::wrong_query("after", "after must be the id of a token.");
  return *text;
}

class TokenApi {
 public:
  TokenApi(auth::TokenService& tokens, audit::contract::AuditTrail& trail, log::Logger logger)
      : tokens_(tokens), trail_(trail), logger_(std::move(logger)) {}

  Result<http::Response> issue(const http::Request& request) {
    SLUICE_TRY(const text::Node document, text::parse_json(request.body));
    SLUICE_TRY(auth::IssueRequest wanted, read_issue_request(document));
    SLUICE_CHECK(require_one_person(*request.principal));
    SLUICE_CHECK(require_own_scope(*request.principal, wanted.grants));
    wanted.issuer = request.principal->owner;
    if (wanted.owner.empty()) wanted.owner = wanted.issuer;
    const auto record = [&](sql::Session& session, const auth::ServiceToken& token) {
      const auto entry = token_issued(token, auth::actor_of(*request.principal), request.request_id);
      return trail_.append(session, {&entry, 1});
    };
    SLUICE_TRY(const auth::IssuedToken issued, tokens_.issue(wanted, request.deadline, record));
    log("service token issued", request, issued.record);
    http::Response response = http::Response::json(201, to_json(issued));
    response.headers.set("Cache-Control", "no-store");
    return response;
  }

  Result<http::Response> list(const http::Request& request) {
    SLUICE_TRY(const int limit, http::limit_of(request, kDefaultPage, kMostPage));
    SLUICE_TRY(const std::string_view after, after_of(request));
    SLUICE_TRY(const TokenPage page, list_page(tokens_, after, limit, request.deadline));
    return http::Response::json(200, to_json(page));
  }

  // A token's grants never change, so what was checked is what is revoked.
  Result<http::Response> revoke(const http::Request& request) {
    const std::string_view id = request.path_value("id");
    SLUICE_TRY(const auth::ServiceToken token, tokens_.find(id, request.deadline));
    SLUICE_CHECK(require_own_scope(*request.principal, token.grants));
    const auto entry = token_revoked(token, auth::actor_of(*request.principal), request.request_id);
    SLUICE_CHECK(tokens_.revoke(id, request.deadline,
                                [&](sql::Session& session) { return trail_.append(session, {&entry, 1}); }));
    log("service token revoked", request, token);
    return http::Response::text(204, "");
  }

 private:
  void log(std::string_view message, const http::Request& request, const auth::ServiceToken& token) const {
    logger_.info(message, {{"request_id", request.request_id},
                           {"trace_id", request.trace.trace_id},
                           {"by", request.principal->id},
                           {"by_owner", request.principal->owner},
                           {"token_id", token.id},
                           {"principal", token.principal},
                           {"owner", token.owner},
                           {"grants", auth::write_grants(token.grants)},
                           {"expires_at", format_rfc3339(token.expires_at)}});
  }

  auth::TokenService& tokens_;
  audit::contract::AuditTrail& trail_;
  const log::Logger logger_;
};

using Endpoint = Result<http::Response> (TokenApi::*)(const http::Request&);

http::Route route(http::Method method, std::string pattern, std::string operation_id,
                  std::shared_ptr<TokenApi> api, Endpoint endpoint) {
  http::Route route;
  route.method = method;
  route.pattern = std::move(pattern);
  route.operation_id = std::move(operation_id);
  route.access = http::Access::at_least(auth::Role::kAdmin);
  route.handler = [api = std::move(api), endpoint](http::Request request, http::Responder responder) {
    auto response = ((*api).*endpoint)(request);
    responder.send(response ? std::move(*response)
                            : http::Response::problem(response.error(), request.request_id));
  };
  return route;
}

}  // namespace

std::vector<http::Route> token_routes(auth::TokenService& tokens, audit::contract::AuditTrail& trail,
                                      log::Logger logger) {
  const auto api = std::make_shared<TokenApi>(tokens, trail, std::move(logger));
  http::Route issue = route(http::Method::kPost, "/v1/tokens", "issueToken", api, &TokenApi::issue);
  issue.content_types = {"application/json"};
  std::vector<http::Route> routes;
  routes.push_back(std::move(issue));
  routes.push_back(route(http::Method::kGet, "/v1/tokens", "listTokens", api, &TokenApi::list));
  routes.push_back(route(http::Method::kDelete, "/v1/tokens/{id}", "revokeToken", api, &TokenApi::revoke));
  return routes;
}

}  // namespace sluice
