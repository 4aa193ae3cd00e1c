// The policies in force, their versions in the metadata database, and the routes that change them.
#pragma once

#include <memory>
#include <string>

#include "audit/contract/audit_trail.h"
#include "governance/application/environments.h"
#include "governance/application/policies/manage_policies.h"
#include "governance/application/policies/preview_policies.h"
#include "governance/application/policy_store.h"
#include "governance/infrastructure/catalogue/sql_topic_records.h"
#include "governance/infrastructure/policy/sql_policy_ledger.h"
#include "governance/infrastructure/policy/sql_recent_plans.h"
#include "governance/infrastructure/sql_plan_repository.h"
#include "notify/contract/notification_queue.h"
#include "sluice/parts/part.h"

namespace sluice::parts {

class Policies final : public Part {
 private:
  struct Built {};  // only build() can make one

 public:
  Policies(Built, const Foundation& foundation, const governance::application::Environments& environments,
           audit::contract::AuditTrail& audit, notify::contract::NotificationQueue& queue, std::string seed,
           std::shared_ptr<const governance::domain::PolicySet> read_seed);
  // Reads the file that seeds a fresh database; opens no connection.
  static Result<std::unique_ptr<Policies>> build(const Foundation& foundation,
                                                 const governance::application::Environments& environments,
                                                 audit::contract::AuditTrail& audit,
                                                 notify::contract::NotificationQueue& queue);

  [[nodiscard]] const governance::application::PolicyStore& store() const { return store_; }
  // Who says what is approved, made after this part because it needs the store; before the first request.
  void use(governance::application::ApprovalGate& gate) { gate_ = &gate; }

  void add_routes(http::Router& router) override;
  // Without policies nothing can be planned: not ready until they have been read, which the check does.
  void add_health_checks(tasks::Health& health) override;
  void add_components(tasks::Lifecycle& lifecycle) override;

 private:
  governance::application::PolicyApprovals approvals();
  Result<StepOutcome> seed();

  const Foundation foundation_;
  const log::Logger logger_;
  const std::string seed_;
  governance::infrastructure::SqlPolicyLedger ledger_;
  governance::infrastructure::SqlRecentPlans recent_plans_;
  governance::infrastructure::SqlTopicRecords records_;
  governance::infrastructure::SqlPlanRepository plans_;
  governance::application::PolicyStore store_;
  governance::application::ApprovalGate* gate_ = nullptr;
  governance::application::ManagePolicies manage_;
  governance::application::PreviewPolicies preview_;
  std::unique_ptr<SupervisedLoop> seeding_;
};

}  // namespace sluice::parts
