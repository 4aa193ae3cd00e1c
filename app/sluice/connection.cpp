#include "sluice/connection.h"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <fmt/format.h>

#include "platform/log/logger.h"
#include "sluice/configuration.h"
#include "sluice/service.h"

namespace sluice::cli {
namespace {

constexpr std::chrono::seconds kStartDeadline{60};
constexpr std::chrono::seconds kStopDeadline{20};

// Nobody but this command is to find it: loopback, a free port, no second listener.
config::Config for_this_command(config::Config config) {
  config.server.listen = "127.0.0.1";
  config.server.port = 0;
  config.server.tls = {};
  config.metrics.port = 0;
  return config;
}

class LocalServer {
 public:
  LocalServer() : logger_(log::make_fd_sink(STDERR_FILENO), clock_, {.level = log::Level::kError}) {}
  ~LocalServer() {
    if (service_) service_->stop(Deadline::after(kStopDeadline));
  }
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;

  Status start(const config::Config& config) {
    SLUICE_TRY(service_, Service::build(for_this_command(config), logger_, clock_));
    return service_->start(Deadline::after(kStartDeadline));
  }
  [[nodiscard]] std::string url() const { return fmt::format("http://127.0.0.1:{}", service_->port()); }

 private:
  const SystemClock clock_;
  const log::Logger logger_;
  std::unique_ptr<Service> service_;
};

Result<ApiClient> connect_directly(const Io& io, const Connection& connection) {
  SLUICE_TRY(const config::Config config, load_config(io, connection.config));
  auto server = std::make_shared<LocalServer>();
  SLUICE_CHECK(server->start(config));
  std::string url = server->url();
  return ApiClient::with(io, std::move(url), std::chrono::seconds(connection.timeout_s), std::move(server));
}

}  // namespace

void add_connection_options(CLI::App& command, Connection& connection) {
  auto* server = command.add_option("--server", connection.server, "The server's address (default: $SLUICE_URL)");
  command
      .add_flag("--direct", connection.direct,
                "Without a server: run it inside this command, with the configuration of --config")
      ->excludes(server);
  add_config_option(command, connection.config);
  command.add_option("--timeout", connection.timeout_s, "Seconds to wait for an answer")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
}

Result<ApiClient> connect(const Io& io, const Connection& connection) {
  if (connection.direct) return connect_directly(io, connection);
  const auto timeout = std::chrono::seconds(connection.timeout_s);
  if (connection.server.empty()) return ApiClient::from_environment(io, timeout);
  return ApiClient::with(io, connection.server, timeout, nullptr);
}

}  // namespace sluice::cli
