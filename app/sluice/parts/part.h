// One module's share of the running program. The composition root makes the parts in the order in
// which they need each other and hands each the ports of others that it uses; only main's thread
// builds, starts and stops them.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "platform/config/config.h"
#include "platform/core/clock.h"
#include "platform/core/id_source.h"
#include "platform/core/supervised_loop.h"
#include "platform/http/router.h"
#include "platform/log/logger.h"
#include "platform/metrics/registry.h"
#include "platform/sql/database.h"
#include "platform/tasks/health.h"
#include "platform/tasks/lifecycle.h"

namespace sluice::parts {

// What every part stands on; outlives all of them.
struct Foundation {
  const config::Config& config;
  const log::Logger& logger;
  const Clock& clock;
  IdSource& ids;
  metrics::Registry& metrics;
  sql::Database& database;
};

class Part {
 public:
  virtual ~Part() = default;

  virtual void add_routes(http::Router& /*router*/) {}
  virtual void add_health_checks(tasks::Health& /*health*/) {}
  // Loops: started when the metadata store is, stopped after the HTTP server has drained.
  virtual void add_components(tasks::Lifecycle& /*lifecycle*/) {}
};

tasks::Component component(std::string name, std::function<Status(Deadline)> start,
                           std::function<Status(Deadline)> stop);

// A loop as a component: made when the program starts, ended when it stops. `loop` outlives it.
tasks::Component loop_component(std::string name, std::unique_ptr<SupervisedLoop>& loop,
                                std::function<std::unique_ptr<SupervisedLoop>()> make);

// How a loop's failed step is logged: a defect of ours as an error, anything else as a warning.
void log_failed_step(const log::Logger& logger, std::string_view loop, const Error& error, std::chrono::milliseconds wait);

// An error about a file names the file first.
Error in_file(const std::string& path, Error error);

}  // namespace sluice::parts
