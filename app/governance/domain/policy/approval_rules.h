// How many people have to approve a plan, and for how long an approval counts (G2).
#pragma once

#include <chrono>
#include <map>

#include "governance/domain/plan/plan.h"

namespace sluice::governance::domain {

inline constexpr int kMostApprovals = 10;
inline constexpr std::chrono::milliseconds kLongestApproval = std::chrono::hours{24 * 7};

struct ApprovalRules {
  int usual = 1;
  std::map<EnvironmentName, int> in;
  int delete_percent = 5;  // more of a plan's changes than this being deletes …
  int extra = 1;           // … asks for so many more
  std::chrono::milliseconds ttl = std::chrono::hours{24};

  // For a change without a plan of topics.
  [[nodiscard]] int required(const EnvironmentName& env) const;
  // At least 1: nothing is applied unapproved.
  [[nodiscard]] int required(const Plan& plan) const;
};

// Whether deletes are more than `percent` of the plan's items that change anything: items that change
// nothing can't thin out the deletes.
bool deletes_exceed(const Plan& plan, int percent);

}  // namespace sluice::governance::domain
