// Where decisions about changes are written: one transaction each, with the audit entries and the
// notifications that belong to it. Thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audit/contract/entry.h"
#include "governance/domain/change/change.h"
#include "governance/domain/repository/plan_repository.h"
#include "notify/contract/notification.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::governance::application {

// What a decision writes; nothing at all when it is empty.
struct Verdict {
  std::optional<domain::ChangeStep> step;
  std::optional<domain::StoredApproval> approval;
  TimePoint at;
  std::vector<audit::contract::Entry> entries;
  std::optional<notify::contract::Notification> notification;
};

// Decides from the change as it is; no effects of its own, for it is asked again when the database
// wants the transaction repeated.
using Decide = std::function<Result<Verdict>(const domain::ChangeFile& file, const domain::StoredPlan& newest)>;

class ChangeLedger {
 public:
  virtual ~ChangeLedger() = default;

  // Nobody else decides about, plans or applies the change meanwhile. Errors of `decide` are passed on,
  // and nothing is written. change.not-found (kNotFound).
  virtual Status decide(const domain::ChangeId& change, const Decide& decide, Deadline deadline) = 0;
};

}  // namespace sluice::governance::application
