#include "governance/interface/apply/apply_routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "governance/application/apply/apply_errors.h"
#include "governance/application/changes/change_errors.h"
#include "governance/application/changes/change_json.h"
#include "governance/application/changes/planned_subjects.h"
#include "governance/interface/apply/apply_body.h"
#include "governance/interface/changes/change_caller.h"
#include "governance/interface/document_body.h"
#include "platform/core/mutex.h"

namespace sluice::governance::interface {
namespace {

using application::ApprovedChange;
using auth::Role;

// Before the request's own deadline: what is not over by then is told as under way.
constexpr std::chrono::milliseconds kAnswerBefore{1'500};
constexpr std::chrono::milliseconds kShortestWait{100};

Json answer_json(const domain::Execution& execution) {
  Json json{{"changeId", execution.change_id.str()}, {"env", execution.environment.str()}, {"digest", execution.digest}};
  json.update(application::execution_to_json(execution));
  return json;
}

http::Response answer(const domain::Execution& execution) {
  const bool over = execution.state != domain::ExecutionState::kRunning;
  http::Response response = http::Response::json(over ? 200 : 202, answer_json(execution));
  if (!over) response.headers.set("Location", "/v1/changes/" + execution.change_id.str());
  return response;
}

http::Response problem(const Error& error, const std::string& request_id) {
  http::Response response = http::Response::problem(error, request_id);
  if (error.retryable()) response.headers.set("Retry-After", "5");
  return response;
}

Error not_allowed(std::string_view environment, std::string_view name) {
  return {ErrorKind::kForbidden, "auth.forbidden",
          fmt::format("To apply '{}' in environment '{}' the role editor is needed.", name, environment),
          "Ask an admin for a grant that covers this environment and name.", {}};
}

// What was asked for names what was planned, and is the shorter text of ours. What does not read was written by
// somebody else.
Result<std::vector<std::string>> names_of(const domain::StoredPlan& plan) {
  const Json batch = Json::parse(plan.batch, nullptr, false);
  if (!batch.is_object() || !batch.contains("items") || !batch["items"].is_array()) {
    return application::errors::tampered(plan.change_id);
  }
  std::vector<std::string> names;
  for (const Json& item : batch["items"]) {
    if (!item.is_object() || !item.contains("name") || !item["name"].is_string()) {
      return application::errors::tampered(plan.change_id);
    }
    names.push_back(item["name"].get<std::string>());
  }
  return names;
}

// One request that waits: answered once, by the end of the run or by the clock.
class Waiting {
 public:
  Waiting(http::Responder responder, std::string request_id, domain::Execution under_way)
      : responder_(std::move(responder)), request_id_(std::move(request_id)), under_way_(std::move(under_way)) {}

  void over(const Result<domain::Execution>& ended) SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (!responder_) return;
    responder_->send(ended ? answer(*ended) : problem(ended.error(), request_id_));
    responder_.reset();
  }
  void time_is_up() SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (!responder_) return;
    responder_->send(answer(under_way_));
    responder_.reset();
  }

 private:
  Mutex mutex_;
  std::optional<http::Responder> responder_ SLUICE_GUARDED_BY(mutex_);
  const std::string request_id_;
  const domain::Execution under_way_;
};

class ApplyApi {
 public:
  explicit ApplyApi(const ApplyRoutesServices& services)
      : services_(services),
        latency_(services.metrics.histogram("batch_apply_latency_ms", "From the request to the end of the apply.",
                                            {10, 50, 100, 250, 500, 1000, 2500, 5000, 10'000, 30'000, 60'000, 300'000},
                                            {"environment", "state"})) {
    services_.metrics.gauge_callback("apply_executions_running", "Applies that run in this process right now.",
                                     [&runner = services.runner] { return static_cast<double>(runner.running()); });
  }

  void apply(const http::Request& request, http::Responder responder) {
    auto place = services_.runner.reserve();
    if (!place) return responder.send(problem(place.error(), request.request_id));
    const auto body = read_apply_body(request, services_.policies.current()->environments);
    if (!body) return responder.send(problem(body.error(), request.request_id));
    auto begun = begin(request, *body);
    if (!begun) {
      note_refusal(request, body->change_id, begun.error());
      return responder.send(problem(begun.error(), request.request_id));
    }
    if (const auto* before = std::get_if<domain::Execution>(&*begun)) return responder.send(answer(*before));
    run(request, std::move(responder), std::move(*place), std::get<application::RunningExecution>(std::move(*begun)));
  }

  void follow(http::Request request, http::Responder responder) {
    FollowRequest follow{std::move(request), std::move(responder)};
    if (services_.feed.follow(std::move(follow))) return;
    follow.responder.send(problem(application::errors::busy(), follow.request.request_id));
  }

 private:
  Result<application::Begun> begin(const http::Request& request, const ApplyBody& body) {
    SLUICE_TRY(const application::ApplyRequest asked, approved(request, body));
    return services_.apply.begin(asked, request.deadline);
  }

  Result<application::ApplyRequest> approved(const http::Request& request, const ApplyBody& body) {
    SLUICE_TRY(const ApprovedChange found, body.token.empty()
                                               ? services_.gate.by_change(body.change_id, request.deadline)
                                               : services_.gate.by_token(body.token, request.deadline));
    const domain::StoredPlan& plan = found.plan;
    if (plan.change_id != body.change_id) return application::errors::token_of_another(body.change_id);
    if (plan.kind != domain::kTopicsPlan) return application::errors::not_topics(body.change_id);
    if (body.batch_digest && *body.batch_digest != plan.batch_digest) {
      return application::errors::other_document(body.change_id);
    }
    SLUICE_TRY(const auto names, names_of(plan));
    SLUICE_CHECK(require_editor(*request.principal, plan.environment, names));
    return application::ApplyRequest{{plan.change_id, plan.revision, plan.digest, found.approval_id, plan.environment,
                                      plan.cluster_id, plan.policy_digest, plan.policy_version, plan.batch,
                                      plan.document, found.current},
                                     actor_of(*request.principal),
                                     request.request_id};
  }

  static Status require_editor(const auth::Principal& principal, const domain::EnvironmentName& environment,
                               const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (!principal.may(Role::kEditor, environment.view(), name)) return not_allowed(environment.view(), name);
    }
    return {};
  }

  void run(const http::Request& request, http::Responder responder, application::ApplyRunner::Place place,
           application::RunningExecution execution) {
    const auto started = std::chrono::steady_clock::now();
    const auto waiting = std::make_shared<Waiting>(std::move(responder), request.request_id, execution.record);
    const auto left = request.deadline.remaining() - kAnswerBefore;
    const bool timed = services_.feed.at(Deadline::after(std::max(left, kShortestWait)),
                                         [waiting] { waiting->time_is_up(); });
    if (!timed) waiting->time_is_up();
    log("apply started", execution.record, request.request_id);
    services_.runner.run(std::move(place), std::move(execution),
                         [this, waiting, started, request_id = request.request_id](Result<domain::Execution> ended) {
                           waiting->over(ended);
                           told(ended, started, request_id);
                         });
  }

  void told(const Result<domain::Execution>& ended, std::chrono::steady_clock::time_point started,
            const std::string& request_id) {
    if (!ended) {
      services_.logger.error("apply interrupted", {{"request_id", request_id}, {"error", ended.error().describe()}});
      return;
    }
    const auto took = std::chrono::steady_clock::now() - started;
    latency_.with({ended->environment.view(), domain::to_string(ended->state)})
        .observe(std::chrono::duration<double, std::milli>(took).count());
    log("apply over", *ended, request_id);
  }

  // A refusal that can't be recorded is still a refusal.
  void note_refusal(const http::Request& request, const domain::ChangeId& change, const Error& error) {
    if (error.retryable() || error.kind == ErrorKind::kNotFound) return;
    const Deadline deadline = Deadline::after(std::chrono::seconds{2});
    audit::contract::Entry entry;
    if (const auto environment = services_.gate.environment_of(change, deadline); environment && *environment) {
      entry.environment = (*environment)->str();
    }
    entry.action = "change.apply";
    entry.target = "change";
    entry.name = entry.change_id = change.str();
    entry.actor = actor_of(*request.principal);
    entry.request_id = request.request_id;
    entry.outcome = audit::contract::Outcome::kRefused;
    entry.detail = error.describe();
    const auto recorded = services_.audit.record({&entry, 1}, deadline);
    if (!recorded) services_.logger.warn("refusal not recorded", {{"error", recorded.error().describe()}});
  }

  void log(std::string_view message, const domain::Execution& execution, const std::string& request_id) const {
    services_.logger.info(message, {{"request_id", request_id},
                                    {"change_id", execution.change_id.str()},
                                    {"execution_id", execution.id},
                                    {"environment", execution.environment.str()},
                                    {"state", domain::to_string(execution.state)},
                                    {"items", execution.items.size()}});
  }

  ApplyRoutesServices services_;
  metrics::Family<metrics::Histogram>& latency_;
};

}  // namespace

std::vector<http::Route> apply_routes(const ApplyRoutesServices& services) {
  const auto api = std::make_shared<ApplyApi>(services);
  std::vector<http::Route> routes;
  routes.push_back({.method = http::Method::kPost,
                    .pattern = "/v1/topics/batch/apply",
                    .operation_id = "applyTopicBatch",
                    .access = http::Access::at_least(Role::kEditor),
                    .content_types = document_content_types(),
                    .handler = [api](const http::Request& request, http::Responder responder) {
                      api->apply(request, std::move(responder));
                    }});
  routes.push_back({.method = http::Method::kGet,
                    .pattern = "/v1/changes/{changeId}/events",
                    .operation_id = "followChange",
                    .access = http::Access::at_least(Role::kViewer),
                    .dispatch = http::Dispatch::kStream,
                    .content_types = {},
                    .handler = [api](http::Request request, http::Responder responder) {
                      api->follow(std::move(request), std::move(responder));
                    }});
  return routes;
}

ApplyFeed::Check follow_check(application::PlanTopics& planner) {
  return [&planner](const http::Request& request) -> Status {
    const domain::ChangeId change{std::string(request.path_value("changeId"))};
    const auto plan = planner.kept(change, std::nullopt);
    if (!plan && plan.error().kind != ErrorKind::kNotFound) return Error(plan.error());
    if (!plan) return application::errors::change_not_found(change);
    // A change that names a topic which the caller may not read is not there for them.
    const auto subjects =
        application::planned_subjects(domain::EnvironmentName(plan->value("env", "")), *plan);
    if (first_not_allowed(caller_of(request), application::Right::kRead, subjects) == nullptr) return {};
    return application::errors::change_not_found(change);
  };
}

application::ApplyObserver apply_observer(metrics::Registry& metrics) {
  auto& items = metrics.counter("apply_items_total", "Items of applies, by what became of them.",
                                {"action", "outcome"});
  application::ApplyObserver observer;
  observer.item_ended = [&items](domain::PlannedAction action, domain::ItemState state) {
    items.with({domain::to_string(action), domain::to_string(state)}).inc();
  };
  return observer;
}

}  // namespace sluice::governance::interface
