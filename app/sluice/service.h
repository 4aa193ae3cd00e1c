// One running Sluice: every part, made in the order in which they need each other, started and
// stopped as platform/tasks/lifecycle.h says. The composition root: nothing else knows everything.
// Not thread-safe; main's thread owns it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "platform/config/config.h"
#include "platform/core/clock.h"
#include "platform/core/id_source.h"
#include "platform/http/rate_limiter.h"
#include "platform/http/server.h"
#include "platform/log/logger.h"
#include "platform/metrics/registry.h"
#include "platform/tasks/health.h"
#include "platform/tasks/lifecycle.h"
#include "sluice/metadata_store.h"
#include "sluice/parts/authentication.h"
#include "sluice/parts/clusters.h"
#include "sluice/parts/error_reports.h"
#include "sluice/parts/governance.h"
#include "sluice/parts/notifications.h"

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
  Status build_store();
  Status build_parts();
  void build_health();
  void build_servers();
  void register_components();
  Status start_store(Deadline deadline);
  http::ServerServices server_services();

  const config::Config config_;
  const log::Logger logger_;
  const Clock& clock_;
  metrics::Registry metrics_;
  UuidV7Source ids_;

  std::unique_ptr<MetadataStore> store_;
  std::unique_ptr<parts::ErrorReports> error_reports_;
  std::unique_ptr<parts::Clusters> clusters_;
  std::unique_ptr<parts::Authentication> authentication_;
  std::unique_ptr<parts::Notifications> notifications_;
  std::unique_ptr<parts::Governance> governance_;
  std::vector<parts::Part*> parts_;  // in the order in which they start

  http::RateLimiter rate_limiter_;

  std::unique_ptr<tasks::Health> health_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<http::Server> metrics_server_;
  tasks::Lifecycle lifecycle_;
};

}  // namespace sluice
