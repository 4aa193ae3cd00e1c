// The use case behind `sluice catalog sync`: look at what exists, and keep what has changed.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <stop_token>

#include "governance/application/environments.h"
#include "governance/application/policy_store.h"
#include "governance/domain/repository/catalogue_repository.h"
#include "platform/core/clock.h"

namespace sluice::governance::application {

struct SyncReport {
  domain::EnvironmentName environment;
  std::size_t topics = 0;  // there now
  std::size_t appeared = 0;
  std::size_t changed = 0;
  std::size_t gone = 0;
  std::size_t forgotten = 0;  // had been gone for long
  TimePoint synced_at;
  std::optional<domain::ConsumptionRead> groups_read;  // nothing: who reads the topics was not found out
  std::optional<Error> groups_problem;                 // why not
};

// Thread-safe; one sync at a time in a process, another one meanwhile is catalogue.sync-in-progress
// (kConflict). Two processes may sync at once: each writes what it sees, the last one stays.
class SyncCatalogue {
 public:
  // Topics that have been gone for longer than `keep_gone` are forgotten.
  SyncCatalogue(const Environments& environments, domain::CatalogueRepository& catalogue,
                const PolicyStore& policies, const Clock& clock, std::chrono::days keep_gone)
      : environments_(environments),
        catalogue_(catalogue),
        policies_(policies),
        clock_(clock),
        keep_gone_(keep_gone) {}

  // A sync that fails half-way has kept what it saw until then, but not that it is complete. When only
  // the consumer groups can't be read the sync succeeds: what was known of them stays, with its time.
  Result<SyncReport> sync(const domain::EnvironmentName& environment, Deadline deadline,
                          const std::stop_token& stop = {});

 private:
  Result<SyncReport> look(const GovernedEnvironment& environment, Deadline deadline, const std::stop_token& stop);
  Result<std::optional<domain::ConsumptionRead>> look_at_groups(const GovernedEnvironment& environment,
                                                                std::span<const domain::TopicName> names,
                                                                Deadline deadline, const std::stop_token& stop);

  const Environments& environments_;
  domain::CatalogueRepository& catalogue_;
  const PolicyStore& policies_;
  const Clock& clock_;
  const std::chrono::days keep_gone_;
  std::atomic<bool> running_{false};
};

}  // namespace sluice::governance::application
