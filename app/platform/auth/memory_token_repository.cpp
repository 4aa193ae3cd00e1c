#include "platform/auth/memory_token_repository.h"

#include <algorithm>

namespace sluice::auth {

Status MemoryTokenRepository::enter() {
  ++calls_;
  if (failure_) return *failure_;
  return {};
}

Status MemoryTokenRepository::add(const ServiceToken& token, Deadline, const WithChange&) {
  MutexLock lock(mutex_);
  SLUICE_CHECK(enter());
  if (tokens_.emplace(token.id, token).second) return {};
  return Error{ErrorKind::kConflict,
               "auth.token-exists",
               "A token with this id exists.",
               "Issue again.",
               {}};
}

Result<std::optional<ServiceToken>> MemoryTokenRepository::find(std::string_view id, Deadline) {
  MutexLock lock(mutex_);
  SLUICE_CHECK(enter());
  const auto found = tokens_.find(id);
  return found == tokens_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::vector<ServiceToken>> MemoryTokenRepository::list(std::string_view after_id, int limit,
                                                              Deadline) {
  MutexLock lock(mutex_);
  SLUICE_CHECK(enter());
  std::vector<ServiceToken> page;
  for (auto at = tokens_.upper_bound(after_id); at != tokens_.end() && limit > 0; ++at, --limit) {
    page.push_back(at->second);
  }
  return page;
}

Result<bool> MemoryTokenRepository::revoke(std::string_view id, TimePoint at, Deadline, const WithChange&) {
  MutexLock lock(mutex_);
  SLUICE_CHECK(enter());
  const auto found = tokens_.find(id);
  if (found == tokens_.end()) return false;
  if (!found->second.revoked_at) found->second.revoked_at = at;
  return true;
}

Status MemoryTokenRepository::touch(std::string_view id, TimePoint at, Deadline) {
  MutexLock lock(mutex_);
  SLUICE_CHECK(enter());
  if (const auto found = tokens_.find(id); found != tokens_.end()) {
    auto& last = found->second.last_used_at;
    last = last ? std::max(*last, at) : at;
  }
  return {};
}

void MemoryTokenRepository::fail_with_for_test(std::optional<Error> failure) {
  MutexLock lock(mutex_);
  failure_ = std::move(failure);
}

int MemoryTokenRepository::calls_for_test() const {
  MutexLock lock(mutex_);
  return calls_;
}

}  // namespace sluice::auth
