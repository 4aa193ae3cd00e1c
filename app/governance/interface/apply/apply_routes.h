// The REST face of applies: POST /v1/topics/batch/apply and GET /v1/changes/{changeId}/events.
#pragma once

#include <functional>
#include <vector>

#include "audit/contract/audit_trail.h"
#include "governance/application/apply/apply_change.h"
#include "governance/application/apply/apply_runner.h"
#include "governance/application/changes/approval_gate.h"
#include "governance/interface/apply/apply_feed.h"
#include "platform/http/message.h"
#include "platform/log/logger.h"
#include "platform/metrics/registry.h"

namespace sluice::governance::interface {

// Everything pointed to must outlive the routes.
struct ApplyRoutesServices {
  application::ApprovalGate& gate;
  application::ApplyChange& apply;
  application::ApplyRunner& runner;
  application::PlanTopics& planner;
  const application::PolicyStore& policies;
  audit::contract::AuditTrail& audit;
  ApplyFeed& feed;
  metrics::Registry& metrics;
  log::Logger logger;
};

std::vector<http::Route> apply_routes(const ApplyRoutesServices& services);

// Who may follow a change: whoever may read every topic of its newest plan.
ApplyFeed::Check follow_check(application::PlanTopics& planner);

// Counters of items by action and outcome.
application::ApplyObserver apply_observer(metrics::Registry& metrics);

}  // namespace sluice::governance::interface
