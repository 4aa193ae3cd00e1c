#include "sluice/service.h"

#include <fmt/format.h>

#include "platform/metrics/process_metrics.h"
#include "sluice/operations_routes.h"

namespace sluice {
namespace {

constexpr std::chrono::seconds kCutTime{2};  // past the drain: to cut what is left

void log_lifecycle(const log::Logger& logger, const tasks::LifecycleEvent& event) {
  const bool failed = event.error.has_value();
  const std::string message = fmt::format("{} {}", event.component, tasks::to_string(event.phase));
  const auto took = event.took.count();
  if (failed) {
    logger.error(message, {{"duration_ms", took}, {"error", event.error->describe()}});
  } else {
    logger.debug(message, {{"duration_ms", took}});
  }
}

void log_check(const log::Logger& logger, const tasks::CheckState& state) {
  if (state.status == tasks::CheckStatus::kOk) {
    logger.info("dependency answers", {{"check", state.name}});
  } else {
    logger.warn("dependency does not answer",
                {{"check", state.name}, {"status", tasks::to_string(state.status)}, {"reason", state.message}});
  }
}

http::ServerOptions server_options(const config::Server& config) {
  http::ServerOptions options;
  options.host = config.listen;
  options.port = config.port;
  if (config.tls.enabled()) options.tls = http::TlsFiles{config.tls.certificate, config.tls.key};
  options.io_threads = config.io_threads;
  options.worker_threads = config.workers;
  options.worker_queue = config.worker_queue;
  options.max_connections = config.max_connections;
  options.header_deadline = config.header_deadline;
  options.body_deadline = config.body_deadline;
  options.request_deadline = config.request_deadline;
  options.idle_timeout = config.idle_timeout;
  return options;
}

}  // namespace

Service::Service(Built, const config::Config& config, log::Logger logger, const Clock& clock)
    : config_(config),
      logger_(std::move(logger)),
      clock_(clock),
      ids_(clock),
      rate_limiter_({.max = config.rate_limit.max, .window = config.rate_limit.window}),
      lifecycle_([this](const tasks::LifecycleEvent& event) { log_lifecycle(logger_.module("lifecycle"), event); }) {}

Result<std::unique_ptr<Service>> Service::build(const config::Config& config, log::Logger logger,
                                                const Clock& clock) {
  SLUICE_TRY(auto error_reports, parts::ErrorReports::build(config, clock));
  auto service = std::make_unique<Service>(Built{}, config, error_reports->watched(std::move(logger)), clock);
  service->error_reports_ = std::move(error_reports);
  SLUICE_CHECK(service->build_store());
  SLUICE_CHECK(service->build_parts());
  service->build_health();
  service->build_servers();
  service->register_components();
  return service;
}

Status Service::build_store() {
  metrics::register_process_metrics(metrics_, clock_.now());
  SLUICE_TRY(store_, MetadataStore::open(config_.database, clock_));
  store_->export_metrics(metrics_);
  return {};
}

Status Service::build_parts() {
  const parts::Foundation foundation{config_, logger_, clock_, ids_, metrics_, store_->database()};
  SLUICE_TRY(clusters_, parts::Clusters::build(foundation));
  SLUICE_TRY(authentication_, parts::Authentication::build(foundation));
  audit_ = std::make_unique<parts::Audit>(foundation, authentication_->signing_keys());
  authentication_->record_in(audit_->trail());
  SLUICE_TRY(notifications_, parts::Notifications::build(foundation));
  SLUICE_TRY(policies_, parts::Policies::build(foundation, clusters_->environments(), audit_->trail(),
                                                notifications_->queue()));
  SLUICE_TRY(governance_, parts::Governance::build(foundation, clusters_->environments(), policies_->store(),
                                                   notifications_->queue()));
  journal_ = parts::make_execution_journal(foundation, audit_->trail(), notifications_->queue());
  changes_ = std::make_unique<parts::Changes>(
      foundation, parts::Changes::Ports{.policies = policies_->store(),
                                        .keys = authentication_->signing_keys(),
                                        .trail = audit_->trail(),
                                        .queue = &notifications_->queue(),
                                        .executions = journal_.get()});
  policies_->use(changes_->gate());
  apply_ = std::make_unique<parts::Apply>(foundation, parts::Apply::Ports{.environments = clusters_->environments(),
                                                                          .planner = governance_->planner(),
                                                                          .policies = policies_->store(),
                                                                          .gate = changes_->gate(),
                                                                          .trail = audit_->trail(),
                                                                          .journal = *journal_});
  catalogue_ = std::make_unique<parts::Catalogue>(foundation, clusters_->environments(), policies_->store(),
                                                  clusters_->live_topics());
  drift_watch_ = std::make_unique<parts::DriftWatch>(foundation, clusters_->environments(), catalogue_->drift(),
                                                     notifications_->queue());
  rollback_ = std::make_unique<parts::Rollback>(clusters_->environments(), governance_->plans(), *journal_,
                                                catalogue_->repository(), governance_->planner());
  error_reports_->export_metrics(metrics_);
  parts_ = {error_reports_.get(), clusters_.get(),   authentication_.get(), audit_.get(),
            notifications_.get(), policies_.get(),   governance_.get(),     changes_.get(),
            apply_.get(),         catalogue_.get(),  drift_watch_.get(),    rollback_.get()};
  return {};
}

void Service::build_health() {
  auto& up = metrics_.gauge("dependency_up", "Whether the dependency answered the last look at it.", {"check"});
  health_ = std::make_unique<tasks::Health>(clock_, [this, &up](const tasks::CheckState& state) {
    up.with({state.name}).set(state.status == tasks::CheckStatus::kOk ? 1 : 0);
    log_check(logger_.module("health"), state);
  });
  health_->add({.name = std::string(store_->name()),
                .need = tasks::Need::kRequired,
                .run = [this](Deadline deadline) { return store_->check(deadline); }});
  for (parts::Part* part : parts_) part->add_health_checks(*health_);
  for (const tasks::CheckState& check : health_->snapshot().checks) {
    if (check.name != "process") up.with({check.name}).set(0);
  }
  metrics_.gauge_callback("sluice_ready", "Whether this process can do its work, as /health/ready says.",
                          [this] { return health_->snapshot().ready ? 1.0 : 0.0; });
}

http::ServerServices Service::server_services() {
  return {.authenticator = &authentication_->authenticator(),
          .rate_limiter = &rate_limiter_,
          .metrics = &metrics_,
          .ids = &ids_,
          .clock = &clock_,
          .on_refused = audit_->refusal_observer(),
          .logger = logger_.module("http")};
}

void Service::build_servers() {
  http::Router router;
  router.add(live_route());
  router.add(ready_route(*health_));
  for (parts::Part* part : parts_) part->add_routes(router);
  if (config_.metrics.port == 0) {
    router.add(metrics_route(metrics_, http::Access::at_least(auth::Role::kViewer)));
  } else {
    http::Router scraped;
    scraped.add(metrics_route(metrics_, http::Access::open()));
    http::ServerOptions options;
    options.host = config_.metrics.listen;
    options.port = config_.metrics.port;
    options.io_threads = 1;
    options.worker_threads = 1;
    metrics_server_ = std::make_unique<http::Server>(options, std::move(scraped), server_services());
  }
  server_ = std::make_unique<http::Server>(server_options(config_.server), std::move(router), server_services());
}

void Service::register_components() {
  using parts::component;
  const auto stop_server = [this](http::Server& server) {
    return [this, &server](Deadline deadline) -> Status {
      const bool finished = server.drain(deadline.no_later_than(config_.server.drain));
      store_->hurry();  // what is still under way, and the loops that end next
      server.stop();
      if (finished) return {};
      return Error{ErrorKind::kTimeout, "server.drain", "Requests were still running when the drain's time was over; they were cut.",
                   "Raise server.drain_ms.", {}};
    };
  };
  if (metrics_server_) {
    lifecycle_.add(component("metrics listener", [this](Deadline) { return metrics_server_->start(); },
                             stop_server(*metrics_server_)));
  }
  lifecycle_.add(component("metadata store", [this](Deadline deadline) { return start_store(deadline); }, {}));
  lifecycle_.add(component(
      "health checks",
      [this](Deadline) -> Status {
        health_->start();
        return {};
      },
      [this](Deadline) -> Status {
        health_->stop();
        return {};
      }));
  for (parts::Part* part : parts_) part->add_components(lifecycle_);
  auto server = component("http server", [this](Deadline) { return server_->start(); }, stop_server(*server_));
  server.stop_within = config_.server.drain + kCutTime;
  lifecycle_.add(std::move(server));
  lifecycle_.add(component(
      "readiness",
      [this](Deadline) -> Status {
        health_->accept_work();
        return {};
      },
      [this](Deadline) -> Status {
        health_->refuse_work("is stopping");
        return {};
      }));
}

// A database that is away is waited for: the health check goes on preparing it, and readiness says
// so. A schema that this program can't work with stays wrong, so the start fails.
Status Service::start_store(Deadline deadline) {
  auto prepared = store_->database().ping(deadline.no_later_than(config_.database.connect_deadline));
  if (prepared) prepared = store_->prepare(deadline);
  if (prepared || !prepared.error().retryable()) return prepared;
  logger_.module("database").warn("not ready yet; going on without it", {{"reason", prepared.error().describe()}});
  return {};
}

Status Service::start(Deadline deadline) { return lifecycle_.start(deadline); }

void Service::stop(Deadline deadline) { (void)lifecycle_.stop(deadline); }  // the observer has logged failures

}  // namespace sluice
