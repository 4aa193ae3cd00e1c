// The periodic check: looks at every environment, and tells when its drift has become another one.
#pragma once

#include "governance/application/drift/check_drift.h"
#include "governance/application/drift/drift_ledger.h"

namespace sluice::governance::application {

// Thread-safe.
class WatchDrift {
 public:
  WatchDrift(CheckDrift& drift, DriftLedger& ledger) : drift_(drift), ledger_(ledger) {}

  // One look at one environment; blocks until the deadline at most.
  Result<DriftReport> look(const domain::EnvironmentName& environment, Deadline deadline,
                           const std::stop_token& stop = {});

 private:
  CheckDrift& drift_;
  DriftLedger& ledger_;
};

}  // namespace sluice::governance::application
