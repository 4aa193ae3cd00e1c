// Who may change which topic: one row for each topic that an execution is about.
#pragma once

#include <string>
#include <vector>

#include "governance/domain/topic/names.h"
#include "platform/core/result.h"
#include "platform/sql/database.h"

namespace sluice::governance::infrastructure {

struct LockRequest {
  std::string execution_id;
  domain::EnvironmentName environment;
  std::vector<std::string> topics;
};

// All of them or apply.conflict, which names the first topic that another change holds. Locks that the
// execution holds already stay. Those of an execution whose lease has run out are taken over, and
// that execution is fenced: nothing more of its last run is taken.
Status take_locks(sql::Session& session, sql::Dialect dialect, const LockRequest& request);
// apply.lease-lost when any of them is another's now.
Status require_locks(sql::Session& session, const LockRequest& request);
Status drop_locks(sql::Session& session, const std::string& execution_id);

}  // namespace sluice::governance::infrastructure
