#include "governance/application/drift/watch_drift.h"

#include <algorithm>

#include <fmt/format.h>

namespace sluice::governance::application {
namespace {

constexpr std::size_t kToldTopics = 50;  // a message is no report: `sluice drift` is

notify::contract::Notification notification_of(const DriftReport& report) {
  notify::contract::Notification told;
  told.event = notify::contract::Event::kDrift;
  told.environment = report.environment.str();
  told.summary = report.drifted.empty()
                     ? fmt::format("{}: no topic differs from its declaration any more", told.environment)
                     : fmt::format("{}: {} of {} declared topics differ from their declaration", told.environment,
                                   report.drifted.size(), report.declared);
  Json topics = Json::array();
  for (std::size_t i = 0; i < std::min(kToldTopics, report.drifted.size()); ++i) {
    topics.push_back({{"name", report.drifted[i].name.str()}, {"kind", domain::to_string(report.drifted[i].kind)}});
  }
  told.facts = {{"drifted", report.drifted.size()},
                {"declared", report.declared},
                {"digest", drift_digest(report)},
                {"topics", std::move(topics)}};
  return told;
}

}  // namespace

Result<DriftReport> WatchDrift::look(const domain::EnvironmentName& environment, Deadline deadline,
                                     const std::stop_token& stop) {
  SLUICE_TRY(DriftReport report, drift_.check({environment, false}, deadline, stop));
  const DriftNote note{environment, drift_digest(report), report.drifted.size(), report.checked_at};
  SLUICE_TRY(const bool told, ledger_.note(note, notification_of(report), deadline));
  (void)told;
  return report;
}

}  // namespace sluice::governance::application
