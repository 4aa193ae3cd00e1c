#include "notify/application/deliverer.h"

#include <algorithm>

namespace sluice::notify::application {
namespace {

// Longer than every deadline of a sender together: who holds the lease is still alive.
constexpr std::chrono::seconds kLease{30};
constexpr std::chrono::milliseconds kIdleWait{1'000};
// A target that is down is asked this seldom, however much waits for it.
constexpr Backoff kTargetDown{std::chrono::milliseconds{200}, std::chrono::seconds{30}};

}  // namespace

Deliverer::Deliverer(std::string target, domain::Sender& sender, domain::DeliveryStore& store,
                     domain::RetryPolicy policy, OnOutcome on_outcome)
    : target_(std::move(target)),
      sender_(sender),
      store_(store),
      policy_(policy),
      on_outcome_(std::move(on_outcome)) {}

Result<StepOutcome> Deliverer::run_once() {
  if (!paused_until_.expired()) return StepOutcome{paused_until_.remaining()};
  SLUICE_TRY(const auto claimed, store_.claim(target_, kLease));
  if (!claimed) return StepOutcome{kIdleWait};
  // Attempts that never came back (the process died) count, too.
  if (claimed->attempts > policy_.max_attempts) {
    SLUICE_CHECK(give_up(*claimed, "every attempt ended before its answer could be kept"));
    return StepOutcome{};
  }
  const domain::SendOutcome outcome = sender_.send(*claimed);
  SLUICE_CHECK(settle(*claimed, outcome));
  return StepOutcome{paused_until_.remaining()};
}

Status Deliverer::settle(const domain::Delivery& delivery, const domain::SendOutcome& outcome) {
  using Kind = domain::SendOutcome::Kind;
  failures_in_a_row_ = outcome.kind == Kind::kFailed ? failures_in_a_row_ + 1 : 0;
  switch (outcome.kind) {
    case Kind::kDelivered: {
      SLUICE_CHECK(store_.mark_delivered(delivery));
      on_outcome_({target_, kDelivered, 1, delivery.id, ""});
      return {};
    }
    case Kind::kRefused: return give_up(delivery, outcome.reason);
    case Kind::kFailed: return try_later(delivery, outcome);
  }
  return {};
}

Status Deliverer::give_up(const domain::Delivery& delivery, const std::string& reason) {
  SLUICE_TRY(const bool marked, store_.mark_dead(delivery, reason));
  if (marked) on_outcome_({target_, kDead, 1, delivery.id, reason});
  return {};
}

Status Deliverer::try_later(const domain::Delivery& delivery, const domain::SendOutcome& outcome) {
  const auto pause = outcome.pause.value_or(kTargetDown.wait_after(failures_in_a_row_, fraction()));
  paused_until_ = Deadline::after(pause);
  if (delivery.attempts >= policy_.max_attempts) return give_up(delivery, outcome.reason);
  const auto wait = std::max(policy_.wait_after(delivery.attempts, fraction()), pause);
  SLUICE_TRY(const bool marked, store_.postpone(delivery, wait, outcome.reason));
  if (marked) on_outcome_({target_, kFailed, 1, delivery.id, outcome.reason});
  return {};
}

}  // namespace sluice::notify::application
