#include "governance/interface/drift/drift_routes.h"

#include "governance/interface/query.h"

namespace sluice::governance::interface {
namespace {

// What the caller may not read is not there for them.
void keep_visible(const auth::Principal& principal, application::DriftReport& report) {
  const auto hidden = [&](const domain::TopicName& name) {
    return !principal.may(auth::Role::kViewer, report.environment.view(), name.view());
  };
  std::erase_if(report.drifted, [&](const domain::TopicDrift& drift) { return hidden(drift.name); });
  std::erase_if(report.undeclared, [&](const application::Undeclared& topic) { return hidden(topic.name); });
  std::erase_if(report.unmanaged, hidden);
}

Result<http::Response> drift_of(application::CheckDrift& drift, const http::Request& request) {
  SLUICE_TRY(const domain::EnvironmentName environment, environment_of(request));
  SLUICE_TRY(const bool unmanaged, flag_of(request, "unmanaged"));
  SLUICE_TRY(application::DriftReport report, drift.check({environment, unmanaged}, request.deadline));
  keep_visible(*request.principal, report);
  return http::Response::json(200, application::drift_to_json(report));
}

}  // namespace

std::vector<http::Route> drift_routes(application::CheckDrift& drift) {
  std::vector<http::Route> routes;
  routes.push_back({.method = http::Method::kGet,
                    .pattern = "/v1/drift",
                    .operation_id = "getDrift",
                    .access = http::Access::at_least(auth::Role::kViewer),
                    .content_types = {},
                    .handler = [&drift](const http::Request& request, http::Responder responder) {
                      auto response = drift_of(drift, request);
                      responder.send(response ? std::move(*response)
                                              : http::Response::problem(response.error(), request.request_id));
                    }});
  return routes;
}

}  // namespace sluice::governance::interface
