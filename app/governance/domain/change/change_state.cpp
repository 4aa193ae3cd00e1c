#include "governance/domain/change/change_state.h"

#include <algorithm>
#include <array>

namespace sluice::governance::domain {
namespace {

using State = ChangeState;
using Step = ChangeStep;

constexpr std::array<std::string_view, 8> kNames{"PLANNED",  "APPROVED", "REJECTED", "CANCELLED",
                                                 "APPLYING", "APPLIED",  "PARTIAL",  "FAILED"};

// While it is being applied nothing but its end can happen to a change.
constexpr std::array<ChangeEdge, 21> kEdges{{
    {State::kPlanned, Step::kPlan, State::kPlanned},
    {State::kPlanned, Step::kApprove, State::kApproved},
    {State::kPlanned, Step::kReject, State::kRejected},
    {State::kPlanned, Step::kCancel, State::kCancelled},
    {State::kApproved, Step::kPlan, State::kPlanned},
    {State::kApproved, Step::kPlanAlike, State::kApproved},
    {State::kApproved, Step::kReject, State::kRejected},
    {State::kApproved, Step::kCancel, State::kCancelled},
    {State::kApproved, Step::kStart, State::kApplying},
    {State::kRejected, Step::kPlan, State::kPlanned},
    {State::kCancelled, Step::kPlan, State::kPlanned},
    {State::kApplying, Step::kStart, State::kApplying},
    {State::kApplying, Step::kFinishWhole, State::kApplied},
    {State::kApplying, Step::kFinishPart, State::kPartial},
    {State::kApplying, Step::kFinishNothing, State::kFailed},
    {State::kApplied, Step::kPlan, State::kPlanned},
    {State::kApplied, Step::kPlanDone, State::kApplied},
    {State::kPartial, Step::kPlan, State::kPlanned},
    {State::kPartial, Step::kStart, State::kApplying},
    {State::kFailed, Step::kPlan, State::kPlanned},
    {State::kFailed, Step::kStart, State::kApplying},
}};

}  // namespace

std::string_view to_string(ChangeState state) { return kNames.at(static_cast<std::size_t>(state)); }

std::optional<ChangeState> parse_change_state(std::string_view text) {
  const auto* const found = std::find(kNames.begin(), kNames.end(), text);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<ChangeState>(found - kNames.begin());
}

std::span<const ChangeEdge> change_edges() { return kEdges; }

std::optional<ChangeState> after(ChangeState state, ChangeStep step) {
  const auto* const edge = std::find_if(kEdges.begin(), kEdges.end(), [&](const ChangeEdge& candidate) {
    return candidate.from == state && candidate.step == step;
  });
  if (edge == kEdges.end()) return std::nullopt;
  return edge->to;
}

}  // namespace sluice::governance::domain
