// The repository without a database: for tests, and the reference for what the SQL one must do.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "platform/auth/token_repository.h"
#include "platform/core/mutex.h"

namespace sluice::auth {

class MemoryTokenRepository final : public TokenRepository {
 public:
  Status add(const ServiceToken& token, Deadline deadline, const WithChange& also = {}) override;
  Result<std::optional<ServiceToken>> find(std::string_view id, Deadline deadline) override;
  Result<std::vector<ServiceToken>> list(std::string_view after_id, int limit,
                                         Deadline deadline) override;
  Result<bool> revoke(std::string_view id, TimePoint at, Deadline deadline, const WithChange& also = {}) override;
  Status touch(std::string_view id, TimePoint at, Deadline deadline) override;

  // Until reset with nullopt every call fails with this.
  void fail_with_for_test(std::optional<Error> failure);
  // Calls so far, failed ones included.
  [[nodiscard]] int calls_for_test() const;

 private:
  Status enter() SLUICE_REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::map<std::string, ServiceToken, std::less<>> tokens_ SLUICE_GUARDED_BY(mutex_);
  std::optional<Error> failure_ SLUICE_GUARDED_BY(mutex_);
  int calls_ SLUICE_GUARDED_BY(mutex_) = 0;
};

}  // namespace sluice::auth
