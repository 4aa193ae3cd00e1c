#include "sluice/parts/drift_watch.h"

namespace sluice::parts {
namespace {

constexpr std::chrono::seconds kAnswerWithin{2};
constexpr std::chrono::minutes kLookWithin{10};

}  // namespace

DriftWatch::DriftWatch(const Foundation& foundation, const governance::application::Environments& environments,
                       governance::application::CheckDrift& drift, notify::contract::NotificationQueue& queue)
    : foundation_(foundation),
      logger_(foundation.logger.module("drift")),
      environments_(environments),
      ledger_(foundation.database, queue),
      watch_(drift, ledger_),
      drifted_(foundation.metrics.gauge("drift_topics", "Declared topics that are not as they were declared.",
                                        {"environment"})) {}

Result<StepOutcome> DriftWatch::look(const std::stop_token& stop) {
  // A look may take minutes; a database that is away must not hold up the stop for as long.
  SLUICE_CHECK(foundation_.database.ping(Deadline::after(kAnswerWithin)));
  for (const auto& environment : environments_.all()) {
    if (stop.stop_requested()) break;
    const auto report = watch_.look(environment.name, Deadline::after(kLookWithin), stop);
    if (report) {
      drifted_.with({environment.name.view()}).set(static_cast<double>(report->drifted.size()));
    } else {
      logger_.warn("drift not checked",
                   {{"environment", environment.name.str()}, {"reason", report.error().describe()}});
    }
  }
  return StepOutcome{std::chrono::seconds{foundation_.config.governance.drift_interval_s}};
}

void DriftWatch::add_components(tasks::Lifecycle& lifecycle) {
  lifecycle.add(loop_component("drift watch", loop_, [this] {
    return std::make_unique<SupervisedLoop>(
        "drift", [this](const std::stop_token& stop) { return look(stop); },
        [this](const Error& error, std::chrono::milliseconds wait) {
          logger_.warn("drift not checked", {{"reason", error.describe()}, {"retry_ms", wait.count()}});
        },
        Backoff{std::chrono::seconds{1}, std::chrono::minutes{5}});
  }));
}

}  // namespace sluice::parts
