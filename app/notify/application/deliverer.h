// Brings what is due to one target, one delivery a step. Each target has a deliverer and a loop of its
// own, so that one that is down delays no other. Not thread-safe: its loop's thread owns it. Any number
// of processes may have one for the same target.
//
// At least once: whoever dies between sending and marking leaves a lease that ends, and the delivery
// goes out again with the same id.
#pragma once

#include <random>
#include <string>

#include "notify/application/outcomes.h"
#include "notify/domain/delivery.h"
#include "notify/domain/repository/delivery_store.h"
#include "notify/domain/repository/sender.h"
#include "platform/core/deadline.h"
#include "platform/core/supervised_loop.h"

namespace sluice::notify::application {

class Deliverer {
 public:
  Deliverer(std::string target, domain::Sender& sender, domain::DeliveryStore& store, domain::RetryPolicy policy,
            OnOutcome on_outcome);

  // Tries one delivery; blocks for the sender's deadlines and the database's.
  Result<StepOutcome> run_once();

 private:
  Status settle(const domain::Delivery& delivery, const domain::SendOutcome& outcome);
  Status give_up(const domain::Delivery& delivery, const std::string& reason);
  Status try_later(const domain::Delivery& delivery, const domain::SendOutcome& outcome);
  double fraction() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  const std::string target_;
  domain::Sender& sender_;
  domain::DeliveryStore& store_;
  const domain::RetryPolicy policy_;
  const OnOutcome on_outcome_;
  std::minstd_rand random_{std::random_device{}()};
  int failures_in_a_row_ = 0;
  Deadline paused_until_ = Deadline::after(std::chrono::milliseconds{0});
};

}  // namespace sluice::notify::application
