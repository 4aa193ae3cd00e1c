// The policies in force. Readers keep the set they took for as long as they need it. Thread-safe.
#pragma once

#include <memory>
#include <utility>

#include "governance/domain/policy/policy.h"
#include "platform/core/mutex.h"

namespace sluice::governance::application {

class PolicyStore {
 public:
  explicit PolicyStore(domain::PolicySet policies)
      : current_(std::make_shared<const domain::PolicySet>(std::move(policies))) {}

  [[nodiscard]] std::shared_ptr<const domain::PolicySet> current() const SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return current_;
  }

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const domain::PolicySet> current_ SLUICE_GUARDED_BY(mutex_);
};

}  // namespace sluice::governance::application
