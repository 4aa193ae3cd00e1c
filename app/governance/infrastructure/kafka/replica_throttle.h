// Kafka's brake on replica moves: a rate on each broker, and on each topic the mark that it holds
// for. The mark is "*", every replica of the topic: one that is in sync is never slowed down.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/kafka/admin.h"

namespace sluice::governance::infrastructure {

class ReplicaThrottle {
 public:
  ReplicaThrottle(kafka::Admin& admin, std::chrono::milliseconds call_deadline)
      : admin_(admin), call_deadline_(call_deadline) {}

  // Rates first: a marked topic without a rate would not be slowed down. A topic whose marks somebody
  // else has set keeps those, and a broker keeps a rate of its own: the words say which do.
  Result<std::string> set(std::span<const std::string> topics, std::int64_t bytes_per_s, Deadline deadline);
  // Sends nothing where there is nothing of ours to take away; topics that are gone are fine.
  Status release_topics(std::span<const std::string> topics, Deadline deadline);
  // On every broker, where the rate is still the one that set() gave it: only when nothing moves any more.
  Status release_brokers(std::int64_t bytes_per_s, Deadline deadline);

 private:
  Status set_broker(std::int32_t broker_id, const std::string& rate, std::vector<std::string>& theirs,
                    Deadline deadline);
  Status release_broker(std::int32_t broker_id, const std::string& rate, Deadline deadline);
  Result<std::vector<kafka::ConfigChange>> marks_of(std::span<const std::string> topics, Deadline deadline);
  Status change_topics(std::span<const kafka::ConfigChange> changes, Deadline deadline);
  [[nodiscard]] Deadline call(Deadline whole) const { return whole.no_later_than(call_deadline_); }

  kafka::Admin& admin_;
  std::chrono::milliseconds call_deadline_;
};

}  // namespace sluice::governance::infrastructure
