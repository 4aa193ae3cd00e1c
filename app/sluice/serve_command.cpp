// sluice serve: the process that does the work, until a signal asks it to stop.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "platform/tasks/stop_signals.h"
#include "sluice/configuration.h"
#include "sluice/service.h"
#include "sluice/version.h"

namespace sluice::cli {
namespace {

constexpr std::chrono::seconds kStartDeadline{60};
// Past the drain: the other parts' time to stop, before the process is ended all the same.
constexpr std::chrono::seconds kStopMargin{10};

std::chrono::milliseconds stop_within(const config::Config& config) { return config.server.drain + kStopMargin; }

void log_warnings(const log::Logger& logger, const std::vector<Problem>& warnings) {
  for (const Problem& warning : warnings) {
    logger.warn(warning.message, {{"key", warning.field}, {"fix", warning.fix}});
  }
}

int serve(Io& io, const std::string& option) {
  const auto config = load_config(io, option);
  if (!config) return fail_config(io, config_path(io, option), config.error());
  tasks::StopSignals signals(stop_within(*config));
  const SystemClock clock;
  const log::Logger logger = make_logger(*config, clock).module("main");
  log_warnings(logger, config->warnings);

  auto service = Service::build(*config, logger, clock);
  if (!service) return fail(io, service.error());
  if (const auto started = (*service)->start(Deadline::after(kStartDeadline)); !started) {
    return fail(io, started.error());
  }
  logger.info("serving", {{"version", version_string()},
                          {"address", fmt::format("{}:{}", config->server.listen, (*service)->port())},
                          {"metrics_port", (*service)->metrics_port()},
                          {"roles", fmt::format("{}", fmt::join(config->roles, ","))}});
  while (!signals.wait_for_stop(Deadline::after(std::chrono::hours{1}))) {
  }
  logger.info("stopping", {{"reason", signals.reason()}});
  (*service)->stop(Deadline::after(stop_within(*config)));
  logger.info("stopped");
  return kOk;
}

}  // namespace

void add_serve(const Program& program) {
  CLI::App* command = program.app.add_subcommand("serve", "Run the server, until SIGTERM or SIGINT");
  command->footer(
      "Roles, ports, database and Kafka come from the configuration file; see `sluice config schema`.\n\n"
      "Examples:\n"
      "  sluice serve --config sluice.yaml\n"
      "  SLUICE_SERVER__PORT=9000 sluice serve");
  auto path = std::make_shared<std::string>();
  add_config_option(*command, *path);
  command->callback([program, path] { program.exit_code = serve(program.io, *path); });
}

}  // namespace sluice::cli
