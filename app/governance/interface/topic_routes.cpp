#include "governance/interface/topic_routes.h"

#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <optional>

#include "governance/application/changes/change_errors.h"
#include "governance/application/changes/planned_subjects.h"
#include "governance/application/errors.h"
#include "governance/interface/changes/change_caller.h"
#include "governance/interface/document_body.h"
#include "governance/interface/topic_batch_reader.h"
#include "governance/interface/topic_json.h"

namespace sluice::governance::interface {
namespace {

using auth::Role;

Error not_allowed(Role role, std::string_view environment, std::string_view name) {
  return {ErrorKind::kForbidden, "auth.forbidden",
          fmt::format("'{}' in environment '{}' needs the role {}.", name, environment, auth::to_string(role)),
          "Ask an admin for a grant that covers this environment and name.", {}};
}

Status require_all(const auth::Principal& principal, const domain::TopicBatch& batch) {
  for (const domain::TopicItem& item : batch.items) {
    if (!principal.may(Role::kEditor, batch.env.view(), item.name.view())) {
      return not_allowed(Role::kEditor, batch.env.view(), item.name.view());
    }
  }
  return {};
}

bool may_read(const http::Request& request, const Json& plan) {
  const domain::EnvironmentName environment{plan["env"].get<std::string>()};
  const auto subjects = application::planned_subjects(environment, plan);
  return application::first_not_allowed(caller_of(request), application::Right::kRead, subjects) == nullptr;
}

Result<std::optional<std::int64_t>> revision_of(const http::Request& request) {
  const auto text = request.query_value("revision");
  if (!text) return std::optional<std::int64_t>();
  std::int64_t revision = 0;
  const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), revision);
  if (failure != std::errc{} || end != text->data() + text->size() || revision < 1) {
    return Error{ErrorKind::kInvalid, "request.invalid", "The query is not valid.", "",
                 {{"revision", "range", "revision must be a whole number from 1.", "Leave it out for the newest.", 0, 0}}};
  }
  return std::optional(revision);
}

class TopicApi {
 public:
  explicit TopicApi(const TopicRoutesServices& services)
      : services_(services),
        violations_(services.metrics.counter("policy_violations_total", "Violations found by dry-runs.",
                                             {"rule", "severity", "environment"})) {}

  Result<http::Response> dry_run(const http::Request& request) {
    SLUICE_TRY(const text::Node document, read_document(request));
    SLUICE_TRY(const auto policies, services_.policies.in_force(request.deadline));
    SLUICE_TRY(const domain::TopicBatch batch, read_topic_batch(document, policies->environments));
    SLUICE_TRY(const application::GovernedEnvironment* environment, services_.environments.find(batch.env));
    SLUICE_CHECK(require_all(*request.principal, batch));
    SLUICE_CHECK(require_own_change(*request.principal, batch));
    SLUICE_TRY(auto kept, services_.planner.dry_run(batch, auth::actor_of(*request.principal), request.deadline));
    count_violations(kept.plan);
    log_plan(request, kept);
    return http::Response::json(200, with_links(std::move(kept.document), *environment));
  }

  Result<http::Response> kept_plan(const http::Request& request) {
    const domain::ChangeId change{std::string(request.path_value("changeId"))};
    SLUICE_TRY(const auto revision, revision_of(request));
    SLUICE_TRY(Json document, services_.planner.kept(change, revision));
    // A plan that names a topic which the caller may not read is not there for them.
    if (!may_read(request, document)) {
      return application::errors::plan_not_found(change, revision);
    }
    const domain::EnvironmentName name{document["env"].get<std::string>()};
    const auto environment = services_.environments.find(name);  // its server may have stopped governing it
    return http::Response::json(200, environment ? with_links(std::move(document), **environment) : document);
  }

 private:
  // To plan a change again is to take it over: for those who may edit all that it was about.
  Status require_own_change(const auth::Principal& principal, const domain::TopicBatch& batch) {
    if (principal.may(Role::kEditor, batch.env.view(), "*")) return {};
    const auto before = services_.planner.kept(batch.change_id, std::nullopt);
    if (!before) return before.error().kind == ErrorKind::kNotFound ? Status() : Status(before.error());
    for (const Json& item : before->value("plan", Json::array())) {
      if (principal.may(Role::kEditor, batch.env.view(), item["name"].get<std::string>())) continue;
      return application::errors::change_of_another(batch.change_id);
    }
    return {};
  }

  static Json with_links(Json document, const application::GovernedEnvironment& environment) {
    if (environment.akhq_url.empty()) return document;
    for (Json& item : document["plan"]) {
      item["links"] = topic_links(environment.akhq_url, domain::TopicName{item["name"].get<std::string>()});
    }
    return document;
  }

  void count_violations(const domain::Plan& plan) {
    for (const domain::Violation& violation : plan.violations) {
      violations_.with({violation.rule, domain::to_string(violation.severity), plan.env.view()}).inc();
    }
  }

  void log_plan(const http::Request& request, const application::KeptPlan& kept) const {
    services_.logger.info("topic batch planned",
                          {{"request_id", request.request_id},
                           {"trace_id", request.trace.trace_id},
                           {"change_id", kept.plan.change_id.str()},
                           {"environment", kept.plan.env.str()},
                           {"items", kept.plan.items.size()},
                           {"violations", kept.plan.violations.size()},
                           {"digest", kept.document["digest"].get<std::string>()}});
  }

  TopicRoutesServices services_;
  metrics::Family<metrics::Counter>& violations_;
};

using Endpoint = Result<http::Response> (TopicApi::*)(const http::Request&);

http::Handler handler(std::shared_ptr<TopicApi> api, Endpoint endpoint) {
  return [api = std::move(api), endpoint](const http::Request& request, http::Responder responder) {
    auto response = ((*api).*endpoint)(request);
    responder.send(response ? std::move(*response)
                            : http::Response::problem(response.error(), request.request_id));
  };
}

}  // namespace

std::vector<http::Route> topic_routes(const TopicRoutesServices& services) {
  const auto api = std::make_shared<TopicApi>(services);
  std::vector<http::Route> routes;
  routes.push_back({.method = http::Method::kPost,
                    .pattern = "/v1/topics/batch/dry-run",
                    .operation_id = "dryRunTopicBatch",
                    .access = http::Access::at_least(Role::kEditor),
                    .content_types = document_content_types(),
                    .handler = handler(api, &TopicApi::dry_run)});
  routes.push_back({.method = http::Method::kGet,
                    .pattern = "/v1/topics/plan/{changeId}",
                    .operation_id = "getTopicPlan",
                    .access = http::Access::at_least(Role::kViewer),
                    .content_types = {},
                    .handler = handler(api, &TopicApi::kept_plan)});
  return routes;
}

}  // namespace sluice::governance::interface
