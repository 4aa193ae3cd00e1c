// How approvals are signed: the server's keys, behind a port. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "platform/core/result.h"

namespace sluice::governance::application {

class ApprovalSeal {
 public:
  virtual ~ApprovalSeal() = default;
  // A compact text that carries `claims` and their signature. keys.missing (kUnavailable).
  [[nodiscard]] virtual Result<std::string> seal(std::string_view claims) const = 0;
  // The claims of a text that seal() gave, on this or any process of the installation. kUnauthenticated
  // when the signature does not hold, keys.missing (kUnavailable) when that can't be told.
  [[nodiscard]] virtual Result<std::string> open(std::string_view sealed) const = 0;
};

}  // namespace sluice::governance::application
