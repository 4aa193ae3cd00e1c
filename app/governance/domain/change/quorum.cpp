#include "governance/domain/change/quorum.h"

#include <algorithm>

#include "governance/domain/change/persons.h"

namespace sluice::governance::domain {

std::string_view to_string(Decision decision) { return decision == Decision::kApprove ? "approve" : "reject"; }

std::vector<const StoredApproval*> counting_approvals(const ChangeFile& file, TimePoint now) {
  std::vector<const StoredApproval*> counting;
  std::vector<Actor> taken = file.requesters;
  for (const StoredApproval& approval : file.approvals) {
    const bool alive = approval.decision == Decision::kApprove && approval.digest == file.change.digest &&
                       approval.revision > file.change.spent_revision && approval.expires_at > now;
    if (!alive || shares_a_person_with_any(approval.approver, taken)) continue;
    counting.push_back(&approval);
    taken.push_back(approval.approver);
  }
  return counting;
}

std::int64_t remaining(std::int64_t required, std::size_t given) {
  return std::max<std::int64_t>(0, required - static_cast<std::int64_t>(given));
}

}  // namespace sluice::governance::domain
