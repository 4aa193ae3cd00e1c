// Decisions about changes: approvals, what they bind, and the gate that an apply goes through.
#pragma once

#include "governance/application/changes/approval_gate.h"
#include "governance/application/changes/decide_change.h"
#include "governance/application/changes/show_changes.h"
#include "governance/infrastructure/changes/signed_approvals.h"
#include "governance/infrastructure/changes/sql_change_repository.h"
#include "governance/infrastructure/sql_plan_repository.h"
#include "sluice/parts/part.h"

namespace sluice::parts {

class Changes final : public Part {
 public:
  // What other parts lend; all outlive this one. Without a queue nobody is told, without a reader no
  // execution is shown.
  struct Ports {
    const governance::application::PolicyStore& policies;
    const auth::SigningKeys& keys;
    audit::contract::AuditTrail& trail;
    notify::contract::NotificationQueue* queue = nullptr;
    governance::domain::ExecutionReader* executions = nullptr;
  };
  Changes(const Foundation& foundation, const Ports& ports);

  [[nodiscard]] governance::application::ApprovalGate& gate() { return gate_; }
  void add_routes(http::Router& router) override;

 private:
  const log::Logger logger_;
  governance::infrastructure::SqlPlanRepository plans_;
  governance::infrastructure::SqlChangeRepository changes_;
  governance::infrastructure::SignedApprovals seal_;
  governance::application::ApprovalGate gate_;
  governance::application::DecideChange decisions_;
  governance::application::ShowChanges stories_;
};

}  // namespace sluice::parts
