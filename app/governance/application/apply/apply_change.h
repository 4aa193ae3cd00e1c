// The beginning of an apply: everything that can forbid it is looked at before anything is sent and
// before the approval is spent. Thread-safe.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>

#include "governance/application/apply/chunk.h"
#include "governance/application/environments.h"
#include "governance/application/plan_topics.h"
#include "governance/application/policy_store.h"
#include "platform/core/id_source.h"

namespace sluice::governance::application {

// What the gate has let through: an approved revision, as it is kept.
struct ApprovedRevision {
  domain::ChangeId change_id;
  std::int64_t revision = 0;
  std::string digest;
  std::string approval_id;
  domain::EnvironmentName environment;
  std::string cluster_id;
  std::string policy_digest;
  std::string policy_version;
  std::string batch;     // canonical JSON: what was asked for
  std::string document;  // JSON text: what was shown
  bool is_current = true;  // neither rejected, cancelled nor planned otherwise since
};

struct ApplyRequest {
  ApprovedRevision approved;
  Actor actor;
  std::string request_id;
};

// Reads a batch's own text back.
using BatchReader = std::function<Result<domain::TopicBatch>(const std::string& batch)>;

struct ApplyChangeServices {
  const Environments& environments;
  PlanTopics& planner;
  const PolicyStore& policies;
  ExecutionJournal& journal;
  const Clock& clock;
  IdSource& ids;
  BatchReader read_batch;
};

// What to do next: run it, or show what it came to before.
using Begun = std::variant<RunningExecution, domain::Execution>;

class ApplyChange {
 public:
  explicit ApplyChange(ApplyChangeServices services) : services_(std::move(services)) {}

  // The first time: checks, then opens the execution. Again: goes on with what is open, or gives back
  // the stored end. Nothing is sent to Kafka but reads and validate_only. Going on, today's rules and modes
  // hold back what they forbid; they refuse the apply where nothing else is left.
  //
  // kConflict: plan.stale, plan.policies-changed, plan.other-cluster, mode.<mode>, apply.in-progress,
  // apply.conflict, change.not-approved; kInvalid plan.violations; kInternal plan.tampered.
  Result<Begun> begin(const ApplyRequest& request, Deadline deadline);

 private:
  Result<RunningExecution> prepare(const ApplyRequest& request, std::vector<domain::PlannedItem> items);
  Status check_mode(const domain::PolicySet& policies, const domain::EnvironmentName& environment,
                    const std::vector<domain::TopicName>& topics) const;
  Result<domain::Plan> judge_open(const domain::PolicySet& policies, const ApprovedRevision& approved,
                                  const RunningExecution& running, Deadline deadline);
  Status hold_forbidden(const ApprovedRevision& approved, RunningExecution& running, Deadline deadline);
  Result<Begun> start(const ApplyRequest& request, Deadline deadline);
  Result<Begun> go_on(const ApplyRequest& request, domain::Execution execution, Deadline deadline);
  Result<Lease> open(const RunningExecution& execution, Deadline deadline);

  ApplyChangeServices services_;
};

}  // namespace sluice::governance::application
