// Approvals signed with the installation's keys; "slat1." begins every one of them.
#pragma once

#include "governance/application/changes/approval_seal.h"
#include "platform/auth/signing_keys.h"
#include "platform/core/json.h"

namespace sluice::governance::infrastructure {

class SignedApprovals final : public application::ApprovalSeal {
 public:
  explicit SignedApprovals(const auth::SigningKeys& keys) : keys_(keys) {}

  [[nodiscard]] Result<std::string> seal(std::string_view claims) const override;
  [[nodiscard]] Result<std::string> open(std::string_view sealed) const override;

 private:
  const auth::SigningKeys& keys_;
};

// The claims of an approval, verified with published keys alone (GET /v1/keys).
Result<std::string> open_approval(const Json& jwks, std::string_view sealed);

}  // namespace sluice::governance::infrastructure
