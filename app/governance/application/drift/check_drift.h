// The use case behind `sluice drift`: the cluster against what was last declared.
#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

#include "governance/application/environments.h"
#include "governance/application/policy_store.h"
#include "governance/domain/drift/drift.h"
#include "governance/domain/repository/catalogue_repository.h"
#include "platform/core/clock.h"
#include "platform/core/json.h"

namespace sluice::governance::application {

struct Undeclared {
  domain::TopicName name;
  std::vector<domain::DriftedField> settings;
};

struct DriftReport {
  domain::EnvironmentName environment;
  TimePoint checked_at;
  std::size_t declared = 0;  // topics looked at
  std::vector<domain::TopicDrift> drifted;  // by name
  // Only when asked for: topics that nobody declared, and settings that no declaration names.
  std::vector<domain::TopicName> unmanaged;
  std::vector<Undeclared> undeclared;
};

struct DriftQuestion {
  domain::EnvironmentName environment;
  bool unmanaged = false;  // also what nobody declared
};

// Members in a fixed order: the same report gives the same bytes.
Json drift_to_json(const DriftReport& report);
// Of what has drifted, not of when it was looked at: the same drift has the same digest.
std::string drift_digest(const DriftReport& report);

// Thread-safe.
class CheckDrift {
 public:
  CheckDrift(const Environments& environments, domain::CatalogueRepository& catalogue, const PolicyStore& policies,
             const Clock& clock)
      : environments_(environments), catalogue_(catalogue), policies_(policies), clock_(clock) {}

  // Reads every declared topic. A topic that a read does not show is missing only when the controller
  // says so, too: reads lag writes.
  Result<DriftReport> check(const DriftQuestion& question, Deadline deadline, const std::stop_token& stop = {});

 private:
  Status confirm_missing(const GovernedEnvironment& environment, DriftReport& report, Deadline deadline);
  Status add_unmanaged(const GovernedEnvironment& environment,
                       const std::map<domain::TopicName, domain::Declaration>& declared, DriftReport& report,
                       Deadline deadline);

  const Environments& environments_;
  domain::CatalogueRepository& catalogue_;
  const PolicyStore& policies_;
  const Clock& clock_;
};

}  // namespace sluice::governance::application
