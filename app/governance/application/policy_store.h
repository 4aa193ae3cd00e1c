// The policies in force. Readers keep the set they took for as long as they need it. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "governance/application/policies/policy_ledger.h"
#include "governance/domain/policy/policy.h"
#include "platform/core/json.h"
#include "platform/core/mutex.h"

namespace sluice::governance::application {

// A policy document taken apart: what it decides, and its values as they stand.
struct ReadDocument {
  std::shared_ptr<const domain::PolicySet> policies;
  Json json;
};
// kInvalid with all its problems. Thread-safe.
using ReadPolicies = std::function<Result<ReadDocument>(std::string_view text)>;

class PolicyStore {
 public:
  // These, for ever: a file's, without a database.
  explicit PolicyStore(domain::PolicySet policies)
      : current_(std::make_shared<const domain::PolicySet>(std::move(policies))) {}
  // The ledger's newest. Until that has been read once, current() gives `seed`, and in_force() nothing.
  // Both must outlive the store.
  PolicyStore(std::shared_ptr<const domain::PolicySet> seed, PolicyLedger& ledger, ReadPolicies read)
      : ledger_(&ledger), read_(std::move(read)), current_(std::move(seed)) {}

  // As this process last saw them; never waits.
  [[nodiscard]] std::shared_ptr<const domain::PolicySet> current() const SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return current_;
  }
  // After a look at what is newest: what a use case decides by, so that all processes agree. Fails when
  // that can't be told; policy.none (kUnavailable) before there is any.
  [[nodiscard]] Result<std::shared_ptr<const domain::PolicySet>> in_force(Deadline deadline) const
      SLUICE_EXCLUDES(mutex_);

 private:
  PolicyLedger* ledger_ = nullptr;  // null: fixed
  ReadPolicies read_;
  mutable Mutex mutex_;
  mutable std::int64_t version_ SLUICE_GUARDED_BY(mutex_) = 0;
  mutable std::shared_ptr<const domain::PolicySet> current_ SLUICE_GUARDED_BY(mutex_);
};

}  // namespace sluice::governance::application
