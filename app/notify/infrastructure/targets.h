// The configured targets with their senders. Errors are the configuration's: every one at once.
#pragma once

#include <memory>
#include <vector>

#include "notify/domain/repository/sender.h"
#include "notify/domain/target.h"
#include "platform/config/config.h"
#include "platform/core/clock.h"
#include "platform/core/result.h"

namespace sluice::notify::infrastructure {

struct OpenTarget {
  domain::Target target;
  std::unique_ptr<domain::Sender> sender;
};

// Error kInvalid "notify.targets": an address that is not sound or not among notify.allowed_hosts, an
// event there is not, a secret that is missing.
Result<std::vector<OpenTarget>> open_targets(const config::Notify& config, const Clock& clock);

}  // namespace sluice::notify::infrastructure
