#include "platform/auth/principal.h"

#include <algorithm>
#include <array>

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

// Linear in practice and never worse than pattern × text: only the last star is ever tried again.
bool matches_glob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
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

std::shared_ptr<const Principal> Authenticator::cached(std::string_view) { return nullptr; }

}  // namespace sluice::auth
