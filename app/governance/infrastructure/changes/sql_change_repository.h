// Changes and the decisions about them in the metadata database, PostgreSQL or SQLite alike (tables
// governance_changes and governance_approvals). A decision, its audit entries and notifications are one
// transaction.
#pragma once

#include "audit/contract/audit_trail.h"
#include "governance/application/changes/change_ledger.h"
#include "governance/domain/repository/change_repository.h"
#include "notify/contract/notification_queue.h"
#include "platform/sql/database.h"

namespace sluice::governance::infrastructure {

class SqlChangeRepository final : public domain::ChangeRepository, public application::ChangeLedger {
 public:
  // Everything must outlive it. Without a queue nobody is told.
  SqlChangeRepository(sql::Database& database, audit::contract::AuditTrail& trail,
                      notify::contract::NotificationQueue* queue)
      : database_(database), trail_(trail), queue_(queue) {}

  Result<std::optional<domain::ChangeFile>> find(const domain::ChangeId& change, Deadline deadline) override;
  Result<std::vector<domain::RevisionSummary>> revisions(const domain::ChangeId& change, Deadline deadline) override;
  Result<std::vector<domain::StoredChange>> list(const domain::ChangeFilter& filter, Deadline deadline) override;
  Result<std::vector<std::string>> executed_approvals(const domain::ChangeId& change, Deadline deadline) override;

  Status decide(const domain::ChangeId& change, const application::Decide& decide, Deadline deadline) override;

 private:
  Status write(sql::Session& session, const domain::ChangeFile& file, const application::Verdict& verdict);

  sql::Database& database_;
  audit::contract::AuditTrail& trail_;
  notify::contract::NotificationQueue* queue_;
};

}  // namespace sluice::governance::infrastructure
