// The decisions about a planned change: approve, reject, cancel. Each is written whole or not at all;
// what is refused is recorded, too. Thread-safe.
#pragma once

#include <string>

#include "audit/contract/audit_trail.h"
#include "governance/application/changes/approval_seal.h"
#include "governance/application/changes/caller.h"
#include "governance/application/changes/change_ledger.h"
#include "governance/application/policy_store.h"
#include "platform/core/clock.h"
#include "platform/core/id_source.h"

namespace sluice::governance::application {

struct Approved {
  std::int64_t revision = 0;
  std::string digest;
  std::int64_t remaining = 0;
  std::string token;  // empty while approvals are missing
  TimePoint expires_at;
};

struct Decided {
  std::int64_t revision = 0;
  std::string digest;
  domain::ChangeState state = domain::ChangeState::kPlanned;
};

class DecideChange {
 public:
  struct Services {
    ChangeLedger& ledger;
    const PolicyStore& policies;
    const ApprovalSeal& seal;
    audit::contract::AuditTrail& trail;
    IdSource& ids;
    const Clock& clock;
  };
  // Everything in `services` must outlive it.
  explicit DecideChange(const Services& services) : services_(services) {}

  // The plan with this digest, which must be the newest. Again by the same person: the same answer.
  // kConflict: approval.digest, approval.expired, change.state. kForbidden: approval.own-change,
  // approval.same-person, auth.forbidden. change.blocked (kInvalid), keys.missing (kUnavailable).
  Result<Approved> approve(const domain::ChangeId& change, const std::string& digest, const std::string& comment,
                           const Caller& caller, Deadline deadline);
  // Spends the approvals given so far; an approver's.
  Result<Decided> reject(const domain::ChangeId& change, const std::string& comment, const Caller& caller,
                         Deadline deadline);
  // The same by whoever asked for it, or an admin.
  Result<Decided> cancel(const domain::ChangeId& change, const std::string& comment, const Caller& caller,
                         Deadline deadline);

 private:
  template <typename Answer>
  Result<Answer> decide(const domain::ChangeId& change, std::string_view action, const Caller& caller,
                        const std::function<Result<Verdict>(const domain::ChangeFile&, const domain::StoredPlan&,
                                                            Answer&)>& decision,
                        Deadline deadline);
  void record_refusal(const domain::ChangeId& change, std::string_view environment, std::string_view action,
                      const Caller& caller, const Error& error, Deadline deadline);

  Services services_;
};

}  // namespace sluice::governance::application
