// Brings one delivery to its target. Thread-safe; blocks until its own short deadlines at most.
#pragma once

#include "notify/domain/delivery.h"

namespace sluice::notify::domain {

class Sender {
 public:
  virtual ~Sender() = default;
  // What cannot be known (the answer never came) is a failure: told again, with the same id.
  virtual SendOutcome send(const Delivery& delivery) = 0;
};

}  // namespace sluice::notify::domain
