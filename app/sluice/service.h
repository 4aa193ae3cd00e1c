// One running Sluice: every part, made in the order in which they need each other, started and
// stopped as platform/tasks/lifecycle.h says. The composition root: nothing else knows everything.
// Not thread-safe; main's thread owns it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "governance/application/plan_topics.h"
#include "governance/application/policy_store.h"
#include "governance/infrastructure/kafka_topic_cluster.h"
#include "governance/infrastructure/sql_plan_repository.h"
#include "platform/auth/caching_authenticator.h"
#include "platform/auth/jwks_file.h"
#include "platform/auth/jwt.h"
#include "platform/auth/sql_token_repository.h"
#include "platform/auth/token_service.h"
#include "platform/config/config.h"
#include "platform/core/clock.h"
#include "platform/core/id_source.h"
#include "platform/core/supervised_loop.h"
#include "platform/http/rate_limiter.h"
#include "platform/http/server.h"
#include "platform/kafka/admin.h"
#include "platform/log/logger.h"
#include "platform/metrics/registry.h"
#include "platform/tasks/health.h"
#include "platform/tasks/lifecycle.h"
#include "sluice/metadata_store.h"

namespace sluice {

class Service {
 private:
  struct Built {};  // only build() can make one

 public:
  Service(Built, const config::Config& config, log::Logger logger, const Clock& clock);

  // Reads the files that the configuration names (policies, keys); opens no connection.
  static Result<std::unique_ptr<Service>> build(const config::Config& config, log::Logger logger,
                                                const Clock& clock);

  Status start(Deadline deadline);
  // Finishes what was taken; returns soon after the deadline.
  void stop(Deadline deadline);

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] std::uint16_t metrics_port() const { return metrics_server_ ? metrics_server_->port() : 0; }
  [[nodiscard]] const http::Router& router() const { return server_->router(); }

 private:
  Status build_stores();
  Status build_governance();
  Status build_authentication();
  void build_health();
  void build_servers();
  void register_components();
  Status start_store(Deadline deadline);
  void start_housekeeping();
  http::ServerServices server_services();

  const config::Config config_;
  const log::Logger logger_;
  const Clock& clock_;
  metrics::Registry metrics_;
  UuidV7Source ids_;

  std::unique_ptr<MetadataStore> store_;
  std::unique_ptr<kafka::Admin> admin_;

  std::optional<governance::infrastructure::KafkaTopicCluster> cluster_;
  std::optional<governance::infrastructure::SqlPlanRepository> plans_;
  std::optional<governance::application::PolicyStore> policies_;
  std::optional<governance::application::PlanTopics> planner_;

  std::optional<auth::SqlTokenRepository> token_repository_;
  std::optional<auth::TokenService> token_service_;
  std::unique_ptr<auth::JwksFile> jwks_;
  std::optional<auth::JwtVerifier> jwt_verifier_;
  std::optional<auth::CachingAuthenticator> authenticator_;
  http::RateLimiter rate_limiter_;

  std::unique_ptr<tasks::Health> health_;
  std::unique_ptr<SupervisedLoop> housekeeping_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<http::Server> metrics_server_;
  tasks::Lifecycle lifecycle_;
};

}  // namespace sluice
