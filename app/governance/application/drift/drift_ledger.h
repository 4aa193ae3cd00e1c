// Which drift has been told already. Thread-safe; calls block up to the deadline.
#pragma once

#include <cstddef>
#include <string>

#include "governance/domain/topic/names.h"
#include "notify/contract/notification.h"
#include "platform/core/clock.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::governance::application {

struct DriftNote {
  domain::EnvironmentName environment;
  std::string digest;
  std::size_t drifted = 0;
  TimePoint at;
};

class DriftLedger {
 public:
  virtual ~DriftLedger() = default;
  // Stores the note; when it says another drift than the one before, the notification goes to the
  // queue in the same transaction (true). No drift where there was none before is nothing to tell.
  virtual Result<bool> note(const DriftNote& note, const notify::contract::Notification& notification,
                            Deadline deadline) = 0;
};

}  // namespace sluice::governance::application
