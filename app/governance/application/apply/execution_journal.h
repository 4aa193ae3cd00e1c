// The journal of applies: every step of an execution, committed before and after the calls it is
// about. What makes kill -9 at any instruction safe is argued in docs/guide/apply.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audit/contract/entry.h"
#include "governance/domain/apply/execution.h"
#include "governance/domain/plan/plan.h"
#include "notify/contract/notification.h"
#include "platform/core/actor.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::governance::application {

// The right to run an execution. Whoever takes it over counts the epoch up, and nothing that an older
// epoch writes is taken.
struct Lease {
  std::string execution_id;
  std::int64_t epoch = 0;
  // On our own steady clock, counted from before the database was asked: never later than its own.
  Deadline valid_until = Deadline::after(std::chrono::milliseconds{0});
};

struct NewExecution {
  std::string id;
  domain::ChangeId change_id;
  std::int64_t revision = 0;
  std::string digest;
  std::string approval_id;
  domain::EnvironmentName environment;
  std::string cluster_id;
  Actor started_by;
  std::string request_id;
  TimePoint started_at;
  std::span<const domain::PlannedItem> items;  // in the order of execution
};

struct RecordedItem {
  std::int64_t position = 0;
  const domain::PlannedItem* planned = nullptr;
  domain::ItemOutcome outcome;
};

struct Ending {
  domain::ExecutionState state = domain::ExecutionState::kFailed;
  TimePoint at;
  audit::contract::Entry entry;
  notify::contract::Notification notification;
};

// Each call is one transaction, and blocks until the deadline at most. Thread-safe. When it is not
// known whether a commit took effect the error says so (sql.commit-unknown): find() tells.
//
// Errors of their own, all kConflict: apply.in-progress (somebody else runs it), apply.conflict
// (another change holds one of the topics), apply.lease-lost (somebody has taken it over),
// change.not-approved (rejected, cancelled or planned again meanwhile).
class ExecutionJournal {
 public:
  virtual ~ExecutionJournal() = default;

  // The execution that the approval has started; empty when it started none.
  virtual Result<std::optional<domain::Execution>> find(const std::string& approval_id, Deadline deadline) = 0;

  // Spends the approval: execution, items, a lock for each topic, the change APPLYING, the audit entry.
  // All of it or nothing.
  virtual Result<Lease> open(const NewExecution& execution, const audit::contract::Entry& entry,
                             Deadline deadline) = 0;
  // Takes an execution over that nobody runs, with the locks of its open items.
  virtual Result<Lease> reopen(const domain::Execution& execution, const audit::contract::Entry& entry,
                               Deadline deadline) = 0;

  virtual Status renew(Lease& lease, Deadline deadline) = 0;
  // That calls for these items are about to be sent. Renews; demands that their topics' locks are held.
  virtual Status intend(Lease& lease, std::span<const RecordedItem> items, Deadline deadline) = 0;
  // What became of them, what is declared of those that are done, and the audit entries. Renews. `at`
  // is what the caller tells: the stored answer is the one that was given, to the byte.
  virtual Status record(Lease& lease, TimePoint at, std::span<const RecordedItem> items,
                        std::span<const audit::contract::Entry> entries, Deadline deadline) = 0;
  // The end: locks given back, the change's state, who is told.
  virtual Status finish(const Lease& lease, const Ending& ending, Deadline deadline) = 0;
  // Gives the lease back before the end, so that another process may go on at once.
  virtual Status release(const Lease& lease, Deadline deadline) = 0;
};

}  // namespace sluice::governance::application
