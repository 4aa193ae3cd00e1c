#include "notify/domain/message.h"

#include <array>
#include <utility>

namespace sluice::notify::domain {

std::string title_of(const Message& message) {
  constexpr std::array<std::pair<std::string_view, const char*>, 7> kTitles{{{"plan.ready", "Plan ready"},
                                                                             {"change.approved", "Approved"},
                                                                             {"change.rejected", "Rejected"},
                                                                             {"change.applied", "Applied"},
                                                                             {"change.failed", "Failed"},
                                                                             {"drift.found", "Drift found"},
                                                                             {"test", "Test"}}};
  for (const auto& [event, title] : kTitles) {
    if (event == message.event) return title;
  }
  return message.event;
}

}  // namespace sluice::notify::domain
