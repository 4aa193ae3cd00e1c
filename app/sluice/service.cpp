#include "sluice/service.h"

#include <fmt/format.h>

#include "governance/infrastructure/policy_reader.h"
#include "governance/interface/topic_routes.h"
#include "platform/config/source.h"
#include "platform/metrics/process_metrics.h"
#include "platform/text/yaml.h"
#include "sluice/kafka_properties.h"
#include "sluice/operations_routes.h"
#include "sluice/token_routes.h"

namespace sluice {
namespace {

constexpr std::size_t kPolicyFileLimit = 1024 * 1024;
constexpr std::chrono::hours kHousekeepingInterval{1};
constexpr std::chrono::seconds kCutTime{2};  // past the drain: to cut what is left

Result<governance::domain::PolicySet> read_policies(const std::string& path) {
  SLUICE_TRY(const std::string text, config::system_files().read(path, kPolicyFileLimit));
  SLUICE_TRY(const text::Node document, text::parse_yaml(text));
  return governance::infrastructure::read_policy_set(document);
}

// An error about a file names the file first.
Error in_file(const std::string& path, Error error) {
  error.message = path + ": " + error.message;
  return error;
}

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

tasks::Component component(std::string name, std::function<Status(Deadline)> start,
                           std::function<Status(Deadline)> stop) {
  tasks::Component component;
  component.name = std::move(name);
  component.start = std::move(start);
  component.stop = std::move(stop);
  return component;
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
  auto service = std::make_unique<Service>(Built{}, config, std::move(logger), clock);
  SLUICE_CHECK(service->build_stores());
  SLUICE_CHECK(service->build_governance());
  SLUICE_CHECK(service->build_authentication());
  service->build_health();
  service->build_servers();
  service->register_components();
  return service;
}

Status Service::build_stores() {
  metrics::register_process_metrics(metrics_, clock_.now());
  SLUICE_TRY(store_, MetadataStore::open(config_.database, clock_));
  store_->export_metrics(metrics_);
  SLUICE_TRY(admin_, kafka::Admin::open({.properties = kafka_properties(config_.kafka),
                                         .role = "governance",
                                         .metrics = metrics_,
                                         .logger = logger_.module("kafka")}));
  return {};
}

Status Service::build_governance() {
  auto policies = read_policies(config_.governance.policies_file);
  if (!policies) return in_file(config_.governance.policies_file, std::move(policies).error());
  cluster_.emplace(*admin_, governance::infrastructure::KafkaTopicClusterOptions{
                                .max_groups = config_.governance.max_groups,
                                .call_deadline = config_.kafka.call_deadline});
  plans_.emplace(store_->database());
  policies_.emplace(std::move(*policies));
  planner_.emplace(*cluster_, *plans_, *policies_, clock_,
                   governance::application::PlanTopicsOptions{config_.governance.expected_cluster_id});
  return {};
}

Status Service::build_authentication() {
  auth::CachingAuthenticator::Verifiers verifiers;
  token_repository_.emplace(store_->database());
  token_service_.emplace(*token_repository_, clock_);
  if (config_.auth.service_tokens) verifiers.service_tokens = &*token_service_;
  if (!config_.auth.jwks_file.empty()) {
    auto jwks = auth::JwksFile::open(config_.auth.jwks_file, clock_, [this](const Error& error) {
      logger_.module("auth").error("key file not usable, keeping the last keys", {{"error", error.describe()}});
    });
    if (!jwks) return in_file(config_.auth.jwks_file, std::move(jwks).error());
    jwks_ = std::move(*jwks);
    jwt_verifier_.emplace([this] { return jwks_->keys(); },
                          auth::ClaimRules{.issuer = config_.auth.issuer,
                                           .audience = config_.auth.audience,
                                           .clock_skew = std::chrono::ceil<std::chrono::seconds>(config_.auth.clock_skew)},
                          clock_);
    verifiers.jwts = &*jwt_verifier_;
  }
  authenticator_.emplace(verifiers, clock_,
                         auth::CacheOptions{.service_tokens = config_.auth.cache,
                                            .store_wait = config_.database.call_deadline});
  metrics_.counter_callback("auth_cache_hits_total", "Tokens answered from memory, refusals included.",
                            [this] { return static_cast<double>(authenticator_->stats().hits); });
  metrics_.counter_callback("auth_cache_misses_total", "Tokens that had to be verified.",
                            [this] { return static_cast<double>(authenticator_->stats().misses); });
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
  health_->add({.name = "kafka",
                .need = tasks::Need::kRequired,
                .run = [this](Deadline deadline) -> Status {
                  const auto cluster = admin_->cluster(deadline);
                  return cluster ? Status() : Status(Error(cluster.error()));
                }});
  for (const tasks::CheckState& check : health_->snapshot().checks) {
    if (check.name != "process") up.with({check.name}).set(0);
  }
  metrics_.gauge_callback("sluice_ready", "Whether this process can do its work, as /health/ready says.",
                          [this] { return health_->snapshot().ready ? 1.0 : 0.0; });
}

http::ServerServices Service::server_services() {
  return {.authenticator = &*authenticator_,
          .rate_limiter = &rate_limiter_,
          .metrics = &metrics_,
          .ids = &ids_,
          .clock = &clock_,
          .logger = logger_.module("http")};
}

void Service::build_servers() {
  http::Router router;
  router.add(live_route());
  router.add(ready_route(*health_));
  router.add(governance::interface::topic_routes({.planner = *planner_,
                                                  .policies = *policies_,
                                                  .cluster = *cluster_,
                                                  .metrics = metrics_,
                                                  .logger = logger_.module("governance"),
                                                  .akhq_url = config_.governance.akhq_url,
                                                  .environments = config_.governance.environments}));
  router.add(token_routes(*token_service_, logger_.module("auth")));
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
  const auto stop_server = [drain = config_.server.drain](http::Server& server) {
    return [&server, drain](Deadline deadline) -> Status {
      const bool finished = server.drain(deadline.no_later_than(drain));
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
  lifecycle_.add(component(
      "housekeeping",
      [this](Deadline) -> Status {
        start_housekeeping();
        return {};
      },
      [this](Deadline) -> Status {
        housekeeping_.reset();
        return {};
      }));
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

void Service::start_housekeeping() {
  housekeeping_ = std::make_unique<SupervisedLoop>(
      "housekeeping",
      [this](const std::stop_token&) -> Result<StepOutcome> {
        const auto kept_for = std::chrono::days{config_.governance.plan_retention_days};
        SLUICE_TRY(const std::int64_t dropped, plans_->drop_older_than(clock_.now() - kept_for));
        if (dropped > 0) logger_.module("governance").info("old plans dropped", {{"revisions", dropped}});
        return StepOutcome{kHousekeepingInterval};
      },
      [this](const Error& error, std::chrono::milliseconds wait) {
        logger_.module("governance").warn("old plans not dropped",
                                          {{"reason", error.describe()}, {"retry_ms", wait.count()}});
      },
      Backoff{std::chrono::seconds{1}, std::chrono::minutes{5}});
}

Status Service::start(Deadline deadline) { return lifecycle_.start(deadline); }

void Service::stop(Deadline deadline) { (void)lifecycle_.stop(deadline); }  // the observer has logged failures

}  // namespace sluice
