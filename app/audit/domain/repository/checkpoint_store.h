// The port to where checkpoints are kept: not in the database that they vouch for. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/domain/checkpoint.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::audit::domain {

class CheckpointStore {
 public:
  virtual ~CheckpointStore() = default;
  virtual Status put(const SignedCheckpoint& checkpoint, Deadline deadline) = 0;
  virtual Result<SignedCheckpoint> get(const CheckpointRef& head, Deadline deadline) = 0;
  // Environments that have checkpoints.
  virtual Result<std::vector<std::string>> environments(Deadline deadline) = 0;
  // Those of one environment for records after `after_seq`, in order of seq.
  virtual Result<std::vector<CheckpointRef>> list(std::string_view environment, std::int64_t after_seq,
                                                  Deadline deadline) = 0;
};

}  // namespace sluice::audit::domain
