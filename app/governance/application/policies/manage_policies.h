// The use cases around the policy document: read it, change it, look back. A change that touches a
// protected environment needs an approval, like any other. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "governance/application/changes/approval_gate.h"
#include "governance/application/environments.h"
#include "governance/application/policies/policy_ledger.h"
#include "governance/application/policy_store.h"
#include "governance/domain/repository/plan_repository.h"

namespace sluice::governance::application {

inline constexpr std::string_view kPoliciesPlan = "policies";

struct PolicyRequest {
  std::string document;                  // YAML or JSON
  std::optional<std::int64_t> if_match;  // the version that it starts from
  std::string approval_token;            // empty: none
  Actor actor;
  std::string request_id;
};

// In force, or waiting for its approval.
struct PolicyAnswer {
  std::optional<PolicyVersion> in_force;
  domain::ChangeId change_id;  // the rest: of what waits
  std::string digest;
  std::int64_t revision = 0;
  std::int64_t required_approvals = 0;
  std::vector<domain::EnvironmentName> touched;  // the protected environments
};

// What the approval gate says (changes/approval_gate.h).
struct PolicyApprovals {
  std::function<Result<ApprovedChange>(std::string_view token, Deadline deadline)> by_token;
  std::function<Result<ApprovedChange>(const domain::ChangeId& change, Deadline deadline)> by_change;
};

class ManagePolicies {
 public:
  // Everything must outlive it.
  struct Services {
    PolicyLedger& ledger;
    const PolicyStore& store;
    ReadPolicies read;
    const Environments& environments;
    domain::PlanRepository& plans;
    PolicyApprovals approvals;
    const Clock& clock;
  };
  explicit ManagePolicies(Services services) : services_(std::move(services)) {}

  Result<PolicyVersion> in_force(Deadline deadline);
  Result<PolicyVersion> version(std::int64_t version, Deadline deadline);
  Result<std::vector<PolicyVersion>> history(std::int64_t before, int limit, Deadline deadline);
  // {from, to, patch}: RFC 6902 over the documents' values.
  Result<Json> diff(std::int64_t from, std::int64_t to, Deadline deadline);

  // policy.precondition-required, policy.precondition-failed, policy.invalid; with a token what the
  // approval gate says.
  Result<PolicyAnswer> put(const PolicyRequest& request, Deadline deadline);
  // Puts an approved change in force; without a token, by its recorded signatures.
  Result<PolicyVersion> apply(const domain::ChangeId& change, const PolicyRequest& request, Deadline deadline);
  // Version 1 on a database that has none; elsewhere nothing.
  Status seed(const std::string& document, Deadline deadline);

 private:
  struct Draft {
    PolicyVersion base;
    Json before;
    ReadDocument after;
    std::string document;
    std::vector<domain::EnvironmentName> touched;
    std::vector<domain::EnvironmentName> touched_protected;
  };
  Result<Draft> draft(const std::string& document, Deadline deadline);
  Result<PolicyAnswer> propose(const Draft& draft, const PolicyRequest& request);
  Status check_approval(const Draft& draft, const ApprovedChange& approved) const;
  Result<PolicyVersion> commit(const Draft& draft, const PolicyRequest& request,
                               const std::optional<SpentApproval>& approval, Deadline deadline);

  Services services_;
};

}  // namespace sluice::governance::application
