// Where a change stands, and the only ways from there. docs/guide/changes.md draws it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sluice::governance::domain {

enum class ChangeState : std::uint8_t {
  kPlanned,
  kApproved,
  kRejected,
  kCancelled,
  kApplying,
  kApplied,
  kPartial,  // some items are done, some are not
  kFailed,   // none is
};
std::string_view to_string(ChangeState state);  // "PLANNED", …
std::optional<ChangeState> parse_change_state(std::string_view text);

enum class ChangeStep : std::uint8_t {
  kPlan,       // a new revision
  kPlanAlike,  // a new revision with the approved digest, whose approvals still count
  kPlanDone,   // what was applied, planned again, and nothing is left to do
  kApprove,    // the approval that completes the quorum
  kReject,
  kCancel,
  kStart,  // an apply: the first time, or going on with one that did not do everything
  kFinishWhole,
  kFinishPart,
  kFinishNothing,
};

struct ChangeEdge {
  ChangeState from;
  ChangeStep step;
  ChangeState to;
};
std::span<const ChangeEdge> change_edges();

// The state after the step; none where it is not allowed.
std::optional<ChangeState> after(ChangeState state, ChangeStep step);

}  // namespace sluice::governance::domain
