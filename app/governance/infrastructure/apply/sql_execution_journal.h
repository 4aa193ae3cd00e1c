// The journal of applies in the metadata database, PostgreSQL or SQLite alike (tables
// governance_executions, governance_execution_items, governance_locks).
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "audit/contract/audit_trail.h"
#include "governance/application/apply/execution_journal.h"
#include "governance/domain/repository/execution_progress.h"
#include "governance/domain/repository/execution_reader.h"
#include "notify/contract/notification_queue.h"
#include "platform/core/clock.h"
#include "platform/sql/database.h"

namespace sluice::governance::infrastructure {

struct JournalServices {
  sql::Database& database;
  audit::contract::AuditTrail& audit;
  notify::contract::NotificationQueue& notifications;
  const Clock& clock;
  std::string owner;  // of the leases: which process
  std::chrono::milliseconds lease_ttl{30'000};
};

class SqlExecutionJournal final : public application::ExecutionJournal,
                                  public domain::ExecutionReader,
                                  public domain::ProgressReader {
 public:
  explicit SqlExecutionJournal(JournalServices services);

  Result<std::optional<domain::Execution>> find(const std::string& approval_id, Deadline deadline) override;
  Result<std::optional<domain::Execution>> newest_of(const domain::ChangeId& change, Deadline deadline) override;
  Result<std::map<domain::ChangeId, domain::ExecutionProgress>> progress_of(std::span<const domain::ChangeId> changes,
                                                                            Deadline deadline) override;

  Result<application::Lease> open(const application::NewExecution& execution, const audit::contract::Entry& entry,
                                  Deadline deadline) override;
  Result<application::Lease> reopen(const domain::Execution& execution, const audit::contract::Entry& entry,
                                    Deadline deadline) override;
  Status renew(application::Lease& lease, Deadline deadline) override;
  Status intend(application::Lease& lease, std::span<const application::RecordedItem> items,
                Deadline deadline) override;
  Status record(application::Lease& lease, TimePoint at, std::span<const application::RecordedItem> items,
                std::span<const audit::contract::Entry> entries, Deadline deadline) override;
  Status finish(const application::Lease& lease, const application::Ending& ending, Deadline deadline) override;
  Status release(const application::Lease& lease, Deadline deadline) override;

 private:
  using Read = Result<std::optional<domain::Execution>>;
  Status renew_in(sql::Session& session, const application::Lease& lease);
  // Runs a transaction after which the lease lasts a whole term again.
  Status with_renewed(application::Lease& lease, const std::function<Status(sql::Session&)>& body, Deadline deadline);

  JournalServices services_;
  std::string now_;  // the database's clock
};

}  // namespace sluice::governance::infrastructure
