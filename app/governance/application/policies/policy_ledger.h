// Where the policy document's versions are kept: numbered from 1 without a gap, the newest is in force,
// none ever changes. Thread-safe; calls block up to the deadline.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audit/contract/entry.h"
#include "governance/domain/topic/names.h"
#include "platform/core/actor.h"
#include "platform/core/clock.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::governance::application {

struct PolicyVersion {
  std::int64_t version = 0;
  std::string digest;
  std::string label;     // what the document calls its own version
  std::string document;  // as it was written, YAML or JSON; empty in lists
  Actor author;
  std::string change_id;  // the change by which it was approved; empty: it needed none
  TimePoint created_at;
};

// An approved change that a version puts in force: it can't do so twice.
struct SpentApproval {
  domain::ChangeId change_id;
  std::int64_t revision = 0;
  std::string digest;
};

class PolicyLedger {
 public:
  virtual ~PolicyLedger() = default;

  virtual Result<std::int64_t> newest(Deadline deadline) = 0;  // 0: there is none
  virtual Result<std::optional<PolicyVersion>> find(std::int64_t version, Deadline deadline) = 0;
  // The newest first, from below `before`, without documents.
  virtual Result<std::vector<PolicyVersion>> list(std::int64_t before, int limit, Deadline deadline) = 0;
  // With its audit entries, or not at all. policy.version-taken (kConflict) when somebody else was
  // first; change.not-approved (kConflict) when the approval is spent or gone.
  virtual Status append(const PolicyVersion& version, const std::optional<SpentApproval>& approval,
                        std::span<const audit::contract::Entry> entries, Deadline deadline) = 0;
};

}  // namespace sluice::governance::application
