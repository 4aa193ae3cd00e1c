// The only way by which governance changes a Kafka cluster. Who holds none can't: a read-only
// environment has no writer. Every call sends what it is given, one result for each item in order;
// Kafka's own brokers decide. Blocks until the deadline at most. Thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "governance/domain/repository/topic_cluster.h"
#include "governance/domain/topic/names.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::governance::domain {

enum class CallOutcome : std::uint8_t {
  kDone,
  kRefused,  // the broker said no: nothing happened
  kNotSent,  // nothing left this process
  kUnknown,  // sent, and no answer: it may have happened
};

struct CallResult {
  CallOutcome outcome = CallOutcome::kDone;
  std::string code;   // Kafka's name, "TOPIC_ALREADY_EXISTS"; ours where Kafka said nothing
  std::string words;  // the broker's own
  bool retryable = false;
};

// Where a partition's replicas are to be, the preferred leader first.
struct ReplicaMove {
  TopicName topic;
  std::int32_t partition = 0;
  std::vector<std::int32_t> replicas;
};

struct MoveProgress {
  bool under_way = false;
  std::int64_t partitions_left = 0;
};

class TopicWriter {
 public:
  virtual ~TopicWriter() = default;

  virtual std::vector<CallResult> create(std::span<const CreateProbe> topics, Deadline deadline) = 0;
  virtual std::vector<CallResult> grow(std::span<const PartitionsProbe> topics, Deadline deadline) = 0;
  // Incremental: what is not named stays.
  virtual std::vector<CallResult> alter(std::span<const ConfigProbe> topics, Deadline deadline) = 0;
  virtual std::vector<CallResult> remove(std::span<const TopicName> topics, Deadline deadline) = 0;

  // Starts to move replicas at no more than so many bytes a second and broker; returns when the
  // controller has taken the moves. Again with the same moves is fine. The words of a done one say where
  // brokers keep to a rate that somebody else has set.
  virtual std::vector<CallResult> reassign(std::span<const ReplicaMove> moves,
                                           std::int64_t throttle_bytes_per_s, Deadline deadline) = 0;
  // How far the moves of these topics are; takes the throttle of that rate away when none is left. A rate
  // that somebody else has set stays.
  virtual Result<MoveProgress> moves_of(std::span<const TopicName> topics, std::int64_t throttle_bytes_per_s,
                                        Deadline deadline) = 0;

  // Mutating requests sent so far (validate_only not counted): a second apply must add none.
  [[nodiscard]] virtual std::uint64_t mutating_requests() const = 0;
};

}  // namespace sluice::governance::domain
