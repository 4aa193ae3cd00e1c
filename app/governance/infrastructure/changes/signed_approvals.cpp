#include "governance/infrastructure/changes/signed_approvals.h"

#include "platform/auth/signed_text.h"

namespace sluice::governance::infrastructure {
namespace {

constexpr std::string_view kMark = "slat1";

}  // namespace

Result<std::string> SignedApprovals::seal(std::string_view claims) const {
  return auth::sign_text(keys_, kMark, claims);
}

Result<std::string> SignedApprovals::open(std::string_view sealed) const {
  return auth::read_signed_text(kMark, sealed, [this](std::string_view message, const auth::Signature& signature) {
    return keys_.verify(message, signature);
  });
}

Result<std::string> open_approval(const Json& jwks, std::string_view sealed) {
  return auth::read_signed_text(kMark, sealed, [&jwks](std::string_view message, const auth::Signature& signature) {
    return auth::verify_with_jwks(jwks, message, signature);
  });
}

}  // namespace sluice::governance::infrastructure
