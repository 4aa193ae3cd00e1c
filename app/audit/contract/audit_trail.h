// The published port of the audit trail. Thread-safe.
#pragma once

#include <span>

#include "audit/contract/entry.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/sql/database.h"

namespace sluice::audit::contract {

class AuditTrail {
 public:
  virtual ~AuditTrail() = default;

  // In the transaction of what is recorded, as its last statements: from here to the commit nobody
  // else writes to the chains of these entries' environments. In the order given.
  virtual Status append(sql::Session& session, std::span<const Entry> entries) = 0;
  // As a transaction of its own: refusals, and what changes nothing in this database.
  virtual Status record(std::span<const Entry> entries, Deadline deadline) = 0;
};

}  // namespace sluice::audit::contract
