#include "notify/contract/notification.h"

namespace sluice::notify::contract {

std::string_view to_string(Event event) {
  switch (event) {
    case Event::kPlanReady: return "plan.ready";
    case Event::kApproved: return "change.approved";
    case Event::kRejected: return "change.rejected";
    case Event::kApplied: return "change.applied";
    case Event::kFailed: return "change.failed";
    case Event::kDrift: return "drift.found";
  }
  return "";
}

}  // namespace sluice::notify::contract
