// Where changes and the decisions about them are read. Thread-safe; calls block up to the deadline.
#pragma once

#include <optional>
#include <vector>

#include "governance/domain/change/change.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::governance::domain {

struct RevisionSummary {
  std::int64_t revision = 0;
  std::string digest;
  Actor requester;
  std::int64_t required_approvals = 1;
  TimePoint created_at;
};

// The newest first. A page begins after the place where the one before ended.
struct ChangeFilter {
  struct Place {
    TimePoint updated_at;
    ChangeId change_id;
  };
  std::optional<ChangeState> state;
  std::optional<EnvironmentName> environment;
  std::optional<std::string> requester;
  std::optional<Place> after;
  int limit = 100;
};

class ChangeRepository {
 public:
  virtual ~ChangeRepository() = default;

  // Empty when there is no such change.
  virtual Result<std::optional<ChangeFile>> find(const ChangeId& change, Deadline deadline) = 0;
  // The newest 100, the newest first.
  virtual Result<std::vector<RevisionSummary>> revisions(const ChangeId& change, Deadline deadline) = 0;
  virtual Result<std::vector<StoredChange>> list(const ChangeFilter& filter, Deadline deadline) = 0;
  // The approvals of the change that have started an execution, the newest execution first.
  virtual Result<std::vector<std::string>> executed_approvals(const ChangeId& change, Deadline deadline) = 0;
};

}  // namespace sluice::governance::domain
