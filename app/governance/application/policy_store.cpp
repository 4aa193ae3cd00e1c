#include "governance/application/policy_store.h"

#include "governance/application/policies/policy_errors.h"

namespace sluice::governance::application {

Result<std::shared_ptr<const domain::PolicySet>> PolicyStore::in_force(Deadline deadline) const {
  if (ledger_ == nullptr) return current();
  SLUICE_TRY(const std::int64_t newest, ledger_->newest(deadline));
  if (newest == 0) return errors::no_policies();
  {
    MutexLock lock(mutex_);
    if (version_ == newest) return current_;
  }
  SLUICE_TRY(const auto found, ledger_->find(newest, deadline));
  if (!found) return errors::no_policies();
  auto read = read_(found->document);
  if (!read) return errors::unreadable_policies(newest, read.error());
  MutexLock lock(mutex_);
  if (newest > version_) {  // another thread may have seen a newer one meanwhile
    version_ = newest;
    current_ = std::move(read->policies);
  }
  return current_;
}

}  // namespace sluice::governance::application
