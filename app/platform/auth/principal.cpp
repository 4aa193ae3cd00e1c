#include "platform/auth/principal.h"

#include <algorithm>
#include <array>

#include "platform/core/text.h"

namespace sluice::auth {
namespace {

constexpr std::array<std::string_view, 4> kRoleNames = {"viewer", "editor", "approver", "admin"};

bool covers(const Grant& grant, std::string_view environment, std::string_view name) {
  return (grant.environment == "*" || grant.environment == environment) &&
         matches_glob(grant.name_pattern, name);
}

}  // namespace

std::string_view to_string(Role role) { return kRoleNames.at(static_cast<std::size_t>(role)); }

std::optional<Role> parse_role(std::string_view text) {
  const auto* const found = std::find(kRoleNames.begin(), kRoleNames.end(), text);
  if (found == kRoleNames.end()) return std::nullopt;
  return static_cast<Role>(found - kRoleNames.begin());
}

bool Principal::has(Role role) const {
  return std::any_of(grants.begin(), grants.end(),
                     [&](const Grant& grant) { return grant.role >= role; });
}

bool Principal::may(Role role, std::string_view environment, std::string_view name) const {
  return std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) {
    return grant.role >= role && covers(grant, environment, name);
  });
}

// The pattern itself serves as the name: a star in it is matched only by a star of ours, which then
// matches whatever that star stands for.
bool Principal::may_grant(const Grant& grant) const {
  return may(Role::kAdmin, grant.environment, grant.name_pattern);
}

Actor actor_of(const Principal& principal) {
  const std::string& owner = principal.owner.empty() ? principal.id : principal.owner;
  return {principal.id, owner, principal.issuer.empty() ? owner : principal.issuer, principal.token_id};
}

std::shared_ptr<const Principal> Authenticator::cached(std::string_view) { return nullptr; }

}  // namespace sluice::auth
