// The policy versions in the metadata database, PostgreSQL or SQLite alike (table governance_policies).
#pragma once

#include "audit/contract/audit_trail.h"
#include "governance/application/policies/policy_ledger.h"
#include "platform/core/clock.h"
#include "platform/sql/database.h"

namespace sluice::governance::infrastructure {

class SqlPolicyLedger final : public application::PolicyLedger {
 public:
  // Both must outlive the ledger.
  SqlPolicyLedger(sql::Database& database, audit::contract::AuditTrail& audit) : database_(database), audit_(audit) {}

  Result<std::int64_t> newest(Deadline deadline) override;
  Result<std::optional<application::PolicyVersion>> find(std::int64_t version, Deadline deadline) override;
  Result<std::vector<application::PolicyVersion>> list(std::int64_t before, int limit, Deadline deadline) override;
  Status append(const application::PolicyVersion& version, const std::optional<application::SpentApproval>& approval,
                std::span<const audit::contract::Entry> entries, Deadline deadline) override;

 private:
  sql::Database& database_;
  audit::contract::AuditTrail& audit_;
};

}  // namespace sluice::governance::infrastructure
