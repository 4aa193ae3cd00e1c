// Who is told what became of deliveries: metrics and the log. Called from the loops' threads; must not
// block.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sluice::notify::application {

inline constexpr std::string_view kDelivered = "delivered";
inline constexpr std::string_view kFailed = "failed";    // to be tried again
inline constexpr std::string_view kDead = "dead";        // given up
inline constexpr std::string_view kDropped = "dropped";  // given up because the queue was full

struct Outcome {
  std::string target;
  std::string_view kind;  // one of the above
  std::int64_t count = 1;
  std::string id;      // empty when several
  std::string reason;  // empty when delivered
};
using OnOutcome = std::function<void(const Outcome&)>;

}  // namespace sluice::notify::application
