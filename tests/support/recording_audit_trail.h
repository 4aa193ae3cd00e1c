// An audit trail that keeps what it is given, for tests.
#pragma once

#include <vector>

#include "audit/contract/audit_trail.h"
#include "platform/core/mutex.h"

namespace sluice::test {

class RecordingAuditTrail final : public audit::contract::AuditTrail {
 public:
  Status append(sql::Session& /*session*/, std::span<const audit::contract::Entry> entries) override {
    return keep(entries);
  }
  Status record(std::span<const audit::contract::Entry> entries, Deadline /*deadline*/) override {
    return keep(entries);
  }
  [[nodiscard]] std::vector<audit::contract::Entry> entries() const {
    MutexLock lock(mutex_);
    return entries_;
  }

 private:
  Status keep(std::span<const audit::contract::Entry> entries) {
    MutexLock lock(mutex_);
    entries_.insert(entries_.end(), entries.begin(), entries.end());
    return {};
  }
  mutable Mutex mutex_;
  std::vector<audit::contract::Entry> entries_ SLUICE_GUARDED_BY(mutex_);
};

}  // namespace sluice::test
