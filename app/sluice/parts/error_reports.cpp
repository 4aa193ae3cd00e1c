#include "sluice/parts/error_reports.h"

#include <unistd.h>

#include <array>

#include "platform/config/keys.h"
#include "platform/core/text.h"
#include "sluice/version.h"

namespace sluice::parts {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

// Every value that the configuration calls a secret, or took from a file.
std::vector<std::string> secrets_of(config::Config config) {
  std::vector<std::string> secrets;
  const auto take = [&](const config::Key& key, const std::string& name, const std::string& value) {
    if (key.secret || config.from_files.contains(key.path) || names_a_secret(name)) secrets.push_back(value);
  };
  for (const config::Key& key : config::keys_of(config)) {
    const config::Target target = key.target(config);
    if (const auto* text = std::get_if<std::string*>(&target)) take(key, key.path, **text);
    if (const auto* map = std::get_if<config::Properties*>(&target)) {
      for (const auto& [name, value] : **map) take(key, name, value);
    }
  }
  return secrets;
}

}  // namespace

Result<std::unique_ptr<ErrorReports>> ErrorReports::build(const config::Config& config, const Clock& clock) {
  if (config.sentry.dsn.empty()) return std::make_unique<ErrorReports>(Built{}, nullptr);
  SLUICE_TRY(sentry::Dsn dsn, sentry::parse_dsn(config.sentry.dsn));
  sentry::ReporterOptions options;
  options.dsn = std::move(dsn);
  options.environment = config.sentry.environment;
  options.release = config.sentry.release.empty() ? version_string() : config.sentry.release;
  options.server_name = host_name();
  options.secrets = secrets_of(config);
  return std::make_unique<ErrorReports>(Built{}, std::make_shared<sentry::Reporter>(std::move(options), clock));
}

// This part's own lines stay out of it: a Sentry that is away must not be told that it is.
log::Logger ErrorReports::watched(log::Logger logger) {
  logger_ = logger.module("sentry");
  return reporter_ ? logger.watched_by(reporter_) : logger;
}

void ErrorReports::export_metrics(metrics::Registry& registry) const {
  if (!reporter_) return;
  const auto add = [&](const char* name, const char* help, auto member) {
    registry.counter_callback(name, help, [reporter = reporter_, member] { return static_cast<double>(reporter->counts().*member); });
  };
  using Counts = sentry::Reporter::Counts;
  add("sentry_events_sent_total", "Errors that Sentry has taken.", &Counts::sent);
  add("sentry_events_failed_total", "Errors that Sentry did not take; gone.", &Counts::failed);
  add("sentry_events_dropped_total", "Errors for which the queue had no room; gone.", &Counts::dropped);
  add("sentry_events_suppressed_total", "Errors not sent because alike ones or too many were.", &Counts::suppressed);
}

void ErrorReports::add_components(tasks::Lifecycle& lifecycle) {
  if (!reporter_) return;
  lifecycle.add(component(
      "sentry",
      [this](Deadline) -> Status {
        loop_ = std::make_unique<SupervisedLoop>(
            "sentry", [this](const std::stop_token&) { return reporter_->run_once(); },
            [this](const Error& error, std::chrono::milliseconds wait) {
              logger_.warn("an error was not reported", {{"reason", error.describe()}, {"retry_ms", wait.count()}});
            });
        return {};
      },
      [this](Deadline) -> Status {
        reporter_->close();
        loop_.reset();
        return {};
      }));
}

}  // namespace sluice::parts
