// The policy versions in the metadata database, PostgreSQL or SQLite alike (table governance_policies).
#pragma once

#include "audit/contract/audit_trail.h"
#include "governance/application/policies/policy_ledger.h"
#include "notify/contract/notification_queue.h"
#include "platform/core/clock.h"
#include "platform/sql/database.h"

namespace sluice::governance::infrastructure {

class SqlPolicyLedger final : public application::PolicyLedger {
 public:
  // Everything must outlive the ledger. `queue` is told of approved versions that are put in force; null:
  // nobody is.
  SqlPolicyLedger(sql::Database& database, audit::contract::AuditTrail& audit,
                  notify::contract::NotificationQueue* queue = nullptr)
      : database_(database), audit_(audit), queue_(queue) {}

  Result<std::int64_t> newest(Deadline deadline) override;
  Result<std::optional<application::PolicyVersion>> find(std::int64_t version, Deadline deadline) override;
  Result<std::vector<application::PolicyVersion>> list(std::int64_t before, int limit, Deadline deadline) override;
  Status append(const application::PolicyVersion& version, const std::optional<application::SpentApproval>& approval,
                std::span<const audit::contract::Entry> entries, Deadline deadline) override;

 private:
  sql::Database& database_;
  audit::contract::AuditTrail& audit_;
  notify::contract::NotificationQueue* queue_;
};

}  // namespace sluice::governance::infrastructure
