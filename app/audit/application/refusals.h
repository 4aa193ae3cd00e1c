// Refused logins and forbidden routes, folded: one record for each source (or caller and route) and
// minute with their number, so that whoever hammers the door can't fill the trail. Thread-safe; note()
// never blocks on I/O.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/contract/audit_trail.h"
#include "platform/core/clock.h"
#include "platform/core/mutex.h"

namespace sluice::audit::application {

struct Refusal {
  enum class Kind : std::uint8_t { kLogin, kRoute };
  Kind kind = Kind::kLogin;
  std::string_view source;  // the peer's address
  std::string_view code;    // "auth.expired", "auth.forbidden"
  std::string_view route;   // "POST /v1/tokens"
  Actor actor;              // kRoute: who was refused
};

struct RefusalLimits {
  std::chrono::milliseconds window{60'000};
  std::size_t sources = 1'000;  // told apart in a window, of each kind; the rest is "others"
  std::size_t codes = 16;       // counted apart in one record
};

class Refusals {
 public:
  Refusals(contract::AuditTrail& trail, const Clock& clock, RefusalLimits limits = {})
      : trail_(trail), clock_(clock), limits_(limits) {}

  void note(const Refusal& refusal) SLUICE_EXCLUDES(mutex_);
  // Records what is complete: windows that are over, or all of them at the end. When the trail can't be
  // written nothing is lost: it comes with the next call, and counting goes on within the same bounds.
  // One thread at a time.
  Status flush(bool all, Deadline deadline) SLUICE_EXCLUDES(mutex_);

 private:
  struct Fold {
    Actor actor;
    TimePoint first;
    TimePoint last;
    std::uint64_t count = 0;
    std::map<std::string, std::uint64_t, std::less<>> codes;
    std::string sample;  // the first one's source, for a route
  };
  using Folds = std::map<std::pair<std::string, std::string>, Fold>;

  std::vector<contract::Entry> take(bool all) SLUICE_EXCLUDES(mutex_);
  static contract::Entry entry_of(Refusal::Kind kind, const std::string& name, const Fold& fold);

  contract::AuditTrail& trail_;
  const Clock& clock_;
  const RefusalLimits limits_;
  std::vector<contract::Entry> unwritten_;  // the flushing thread's
  Mutex mutex_;
  std::array<Folds, 2> folds_ SLUICE_GUARDED_BY(mutex_);  // by kind; key: actor or "", source or route
};

}  // namespace sluice::audit::application
