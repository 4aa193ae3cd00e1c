// Starts replica moves under a throttle, tells how far they are, and takes the throttle away behind
// them. Keeps nothing: what is under way is the controller's to say, so a process that died
// halfway is continued by whoever asks next. Thread-safe; one start or end at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "governance/domain/repository/topic_writer.h"
#include "governance/infrastructure/kafka/replica_throttle.h"
#include "platform/core/mutex.h"
#include "platform/kafka/admin.h"

namespace sluice::governance::infrastructure {

class ReplicaMover {
 public:
  ReplicaMover(kafka::Admin& admin, std::chrono::milliseconds call_deadline)
      : admin_(admin), call_deadline_(call_deadline), throttle_(admin, call_deadline) {}

  // A partition that is there already, or on its way there, is done and nothing is sent for it; one on
  // its way elsewhere is refused. Without a throttle in place no move is sent; a topic of which no move was
  // taken keeps none.
  std::vector<domain::CallResult> start(std::span<const domain::ReplicaMove> moves, std::int64_t throttle_bytes_per_s,
                                        Deadline deadline) SLUICE_EXCLUDES(mutex_);
  // "Nothing under way" only after the throttle of these topics is gone, and that of the brokers when
  // nothing else moves either.
  Result<domain::MoveProgress> look(std::span<const domain::TopicName> topics, std::int64_t throttle_bytes_per_s,
                                    Deadline deadline) SLUICE_EXCLUDES(mutex_);

 private:
  struct Pending {
    std::vector<std::size_t> items;   // of the caller's list
    std::vector<std::string> copied;  // topics that get replicas which they did not have
  };

  Status sort_out(std::span<const domain::ReplicaMove> moves, std::vector<domain::CallResult>& results,
                  Pending& pending, Deadline deadline);
  void send(std::span<const domain::ReplicaMove> moves, const Pending& pending, const std::string& notice,
            std::vector<domain::CallResult>& results, Deadline deadline);
  Status release(const std::vector<std::string>& topics, bool anything_goes, std::int64_t throttle_bytes_per_s,
                 Deadline deadline);
  void give_back(std::span<const domain::ReplicaMove> moves, const Pending& pending, std::int64_t throttle_bytes_per_s,
                 std::vector<domain::CallResult>& results, Deadline deadline);
  [[nodiscard]] Deadline call(Deadline whole) const { return whole.no_later_than(call_deadline_); }

  kafka::Admin& admin_;
  std::chrono::milliseconds call_deadline_;
  ReplicaThrottle throttle_;
  Mutex mutex_;  // so that nobody takes the brokers' throttle away between somebody's throttle and move
};

}  // namespace sluice::governance::infrastructure
