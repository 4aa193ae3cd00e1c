// What there is to know about changes, for whoever may read what they are about. Thread-safe.
#pragma once

#include "governance/application/changes/caller.h"
#include "governance/domain/repository/change_repository.h"
#include "governance/domain/repository/execution_reader.h"
#include "governance/domain/repository/plan_repository.h"
#include "platform/core/clock.h"
#include "platform/core/json.h"

namespace sluice::governance::application {

class ShowChanges {
 public:
  // Everything must outlive it. Without a reader of executions none is shown.
  ShowChanges(domain::ChangeRepository& changes, domain::PlanRepository& plans, domain::ExecutionReader* executions,
              const Clock& clock)
      : changes_(changes), plans_(plans), executions_(executions), clock_(clock) {}

  // The whole story: revisions, decisions, what still has to be approved, the newest execution with its
  // items. change.not-found for whoever may not read everything that it is about.
  Result<Json> story(const domain::ChangeId& change, const Caller& caller, Deadline deadline);
  // One page {changes, next?} of those that the caller may read; it may be short of the limit although
  // there is a next one.
  Result<Json> list(const domain::ChangeFilter& filter, const Caller& caller, Deadline deadline);

 private:
  Result<bool> may_read(const domain::StoredChange& change, const Caller& caller);

  domain::ChangeRepository& changes_;
  domain::PlanRepository& plans_;
  domain::ExecutionReader* executions_;
  const Clock& clock_;
};

// Where a page ended, as the API words it; empty when the text is none of ours.
std::string write_place(const domain::ChangeFilter::Place& place);
std::optional<domain::ChangeFilter::Place> read_place(std::string_view text);

}  // namespace sluice::governance::application
