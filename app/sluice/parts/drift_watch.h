// The loop that tells people when a cluster is no longer as it was declared.
#pragma once

#include <memory>

#include "governance/application/drift/watch_drift.h"
#include "governance/infrastructure/drift/sql_drift_ledger.h"
#include "sluice/parts/part.h"

namespace sluice::parts {

class DriftWatch final : public Part {
 public:
  DriftWatch(const Foundation& foundation, const governance::application::Environments& environments,
             governance::application::CheckDrift& drift, notify::contract::NotificationQueue& queue);

  void add_components(tasks::Lifecycle& lifecycle) override;

 private:
  Result<StepOutcome> look(const std::stop_token& stop);

  const Foundation foundation_;
  const log::Logger logger_;
  const governance::application::Environments& environments_;
  governance::infrastructure::SqlDriftLedger ledger_;
  governance::application::WatchDrift watch_;
  metrics::Family<metrics::Gauge>& drifted_;
  std::unique_ptr<SupervisedLoop> loop_;
};

}  // namespace sluice::parts
