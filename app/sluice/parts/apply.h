// Applies: the journal, the threads that run executions, and whoever follows them.
#pragma once

#include <memory>

#include "governance/application/apply/apply_change.h"
#include "governance/application/apply/apply_runner.h"
#include "governance/application/changes/approval_gate.h"
#include "governance/infrastructure/apply/sql_execution_journal.h"
#include "governance/interface/apply/apply_feed.h"
#include "sluice/parts/part.h"

namespace sluice::parts {

class Apply final : public Part {
 public:
  // What other parts lend; all outlive this one.
  struct Ports {
    const governance::application::Environments& environments;
    governance::application::PlanTopics& planner;
    const governance::application::PolicyStore& policies;
    governance::application::ApprovalGate& gate;
    audit::contract::AuditTrail& trail;
    governance::infrastructure::SqlExecutionJournal& journal;
  };
  Apply(const Foundation& foundation, const Ports& ports);

  void add_routes(http::Router& router) override;
  void add_components(tasks::Lifecycle& lifecycle) override;

 private:
  const Foundation foundation_;
  const Ports ports_;
  const log::Logger logger_;
  governance::application::ApplyServices services_;
  governance::application::ApplyChange apply_;
  governance::application::ApplyRunner runner_;
  governance::interface::ApplyFeed feed_;
  std::unique_ptr<SupervisedLoop> following_;
};

// The journal stands before the part: the stories of changes read it, and the part needs their gate.
std::unique_ptr<governance::infrastructure::SqlExecutionJournal> make_execution_journal(
    const Foundation& foundation, audit::contract::AuditTrail& trail, notify::contract::NotificationQueue& queue);

}  // namespace sluice::parts
