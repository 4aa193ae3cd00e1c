#include "governance/interface/rollback/rollback_routes.h"

#include <algorithm>

#include <fmt/format.h>

namespace sluice::governance::interface {
namespace {

// The inverse batch is asked for by name, like any other: whoever may not plan one of its topics may
// not plan it.
Status require_all(const auth::Principal& principal, const application::RollbackScope& scope) {
  for (const domain::TopicName& name : scope.names) {
    if (principal.may(auth::Role::kEditor, scope.environment.view(), name.view())) continue;
    return Error{ErrorKind::kForbidden, "auth.forbidden",
                 fmt::format("'{}' in environment '{}' needs the role editor.", name.view(), scope.environment.view()),
                 "Ask an admin for a grant that covers this environment and name.", {}};
  }
  return {};
}

Result<http::Response> plan(application::PlanRollback& rollback, const http::Request& request) {
  const domain::ChangeId change{std::string(request.path_value("changeId"))};
  SLUICE_TRY(const application::RollbackScope scope, rollback.scope_of(change, request.deadline));
  SLUICE_CHECK(require_all(*request.principal, scope));
  SLUICE_TRY(const auto planned, rollback.plan(change, auth::actor_of(*request.principal), request.deadline));
  return http::Response::json(200, application::rollback_to_json(planned));
}

}  // namespace

std::vector<http::Route> rollback_routes(application::PlanRollback& rollback) {
  std::vector<http::Route> routes;
  routes.push_back({.method = http::Method::kPost,
                    .pattern = "/v1/changes/{changeId}/rollback-plan",
                    .operation_id = "planRollback",
                    .access = http::Access::at_least(auth::Role::kEditor),
                    .content_types = {},
                    .handler = [&rollback](const http::Request& request, http::Responder responder) {
                      auto response = plan(rollback, request);
                      responder.send(response ? std::move(*response)
                                              : http::Response::problem(response.error(), request.request_id));
                    }});
  return routes;
}

}  // namespace sluice::governance::interface
