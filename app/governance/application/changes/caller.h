// Who asks for something about a change, and what that one may do. Plain data.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "platform/core/actor.h"

namespace sluice::governance::application {

enum class Right : std::uint8_t { kRead, kApprove, kAdminister };

struct Caller {
  Actor actor;
  std::string request_id;
  std::function<bool(Right right, std::string_view environment, std::string_view name)> may;
};

}  // namespace sluice::governance::application
