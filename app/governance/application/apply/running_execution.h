// An execution that this process holds the lease of.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "governance/application/apply/execution_journal.h"
#include "governance/application/apply/hold.h"
#include "governance/application/environments.h"
#include "governance/domain/apply/execution.h"
#include "governance/domain/plan/plan.h"
#include "platform/core/actor.h"

namespace sluice::governance::application {

struct RunningExecution {
  domain::Execution record;                  // kept up to date as the journal is
  std::vector<domain::PlannedItem> planned;  // by position
  const GovernedEnvironment* environment = nullptr;
  Lease lease;
  Actor actor;  // who asked for this run of it
  std::string issue;  // Jira's key that the batch names; may be empty
  std::string request_id;
  Holds held;  // found when it was gone on with; modes are looked at before each chunk
};

struct ApplyOptions {
  std::size_t chunk = 1'000;  // items a chunk
  std::chrono::milliseconds call_deadline{10'000};    // of each call to Kafka
  std::chrono::milliseconds journal_deadline{5'000};  // of each transaction
  std::chrono::milliseconds settle_deadline{30'000};  // until what Kafka took must be visible
  std::chrono::milliseconds renew_below{15'000};      // renew the lease when less of it is left
  std::chrono::milliseconds move_deadline{std::chrono::hours{24}};  // for replicas on their way
  std::chrono::milliseconds move_poll{1'000};
};

// Told by whoever runs executions; must not block.
struct ApplyObserver {
  std::function<void(const domain::Execution&)> progressed = [](const domain::Execution&) {};
  std::function<void(domain::PlannedAction, domain::ItemState)> item_ended =
      [](domain::PlannedAction, domain::ItemState) {};
};

}  // namespace sluice::governance::application
