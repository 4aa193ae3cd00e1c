#include "notify/domain/delivery.h"

#include <algorithm>
#include <array>

#include "platform/core/supervised_loop.h"
#include "platform/core/text.h"

namespace sluice::notify::domain {

std::string_view to_string(DeliveryState state) {
  switch (state) {
    case DeliveryState::kPending: return "PENDING";
    case DeliveryState::kDelivered: return "DELIVERED";
    case DeliveryState::kDead: return "DEAD";
  }
  return "";
}

std::optional<DeliveryState> parse_delivery_state(std::string_view text) {
  for (const auto state : {DeliveryState::kPending, DeliveryState::kDelivered, DeliveryState::kDead}) {
    if (to_lower(text) == to_lower(to_string(state))) return state;
  }
  return std::nullopt;
}

std::chrono::milliseconds RetryPolicy::wait_after(std::int64_t attempts, double fraction) const {
  const int failures = static_cast<int>(std::min<std::int64_t>(attempts, 64));
  return Backoff{first_wait, longest_wait}.wait_after(failures, fraction);
}

}  // namespace sluice::notify::domain
