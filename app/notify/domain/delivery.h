// One thing to be told to one target, and what became of it.
//
//   PENDING ──sent──► DELIVERED
//     │  ▲ └─failed: due again later
//     │  └── retried by a person ──┐
//     └─ too often, too old, refused, or the queue is full ─► DEAD (with the reason)
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "notify/domain/message.h"
#include "notify/domain/target.h"

namespace sluice::notify::domain {

enum class DeliveryState : std::uint8_t { kPending, kDelivered, kDead };
std::string_view to_string(DeliveryState state);  // "PENDING", "DELIVERED", "DEAD"
std::optional<DeliveryState> parse_delivery_state(std::string_view text);  // in either case

struct Delivery {
  std::string id;
  std::string target;
  Part part = Part::kMessage;
  Message message;
  std::int64_t attempts = 0;
};

// As people see it.
struct DeliveryRecord {
  std::string id;
  std::string target;
  Part part = Part::kMessage;
  std::string event;
  std::string environment;
  std::string change_id;
  DeliveryState state = DeliveryState::kPending;
  std::int64_t attempts = 0;
  std::string reason;
  TimePoint created_at;
  TimePoint due_at;
  std::optional<TimePoint> finished_at;
};

// What one attempt came to.
struct SendOutcome {
  enum class Kind : std::uint8_t {
    kDelivered,
    kFailed,   // try again later
    kRefused,  // trying again changes nothing
  };
  Kind kind = Kind::kDelivered;
  std::string reason;
  // The target asks everybody to wait so long.
  std::optional<std::chrono::milliseconds> pause;

  static SendOutcome delivered() { return {}; }
  static SendOutcome failed(std::string reason) { return {Kind::kFailed, std::move(reason), std::nullopt}; }
  static SendOutcome refused(std::string reason) { return {Kind::kRefused, std::move(reason), std::nullopt}; }
};

struct RetryPolicy {
  std::int64_t max_attempts = 20;
  std::chrono::milliseconds max_age{std::chrono::hours{24}};
  std::chrono::milliseconds first_wait{1'000};
  std::chrono::milliseconds longest_wait{std::chrono::minutes{15}};

  // After `attempts` ≥ 1 failures; `fraction` in [0, 1) spreads targets that fail together.
  [[nodiscard]] std::chrono::milliseconds wait_after(std::int64_t attempts, double fraction) const;
};

}  // namespace sluice::notify::domain
