// The ports that know chains as a whole. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/domain/checkpoint.h"
#include "audit/domain/record.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::audit::domain {

// The newest records, for whoever signs checkpoints.
class ChainHeads {
 public:
  virtual ~ChainHeads() = default;
  virtual Result<std::vector<CheckpointRef>> heads(Deadline deadline) = 0;
  // The record's hash; empty when there is no such record.
  virtual Result<std::optional<std::string>> hash_at(std::string_view environment, std::int64_t seq,
                                                     Deadline deadline) = 0;
  // Checkpoint::origin of the database as it is now.
  virtual Result<std::string> origin(Deadline deadline) = 0;
};

// Gets every record of every chain, for whoever verifies them.
class ChainVisitor {
 public:
  virtual ~ChainVisitor() = default;
  // The records of one environment come in order; those of several may be mixed.
  virtual void record(const Record& record) = 0;
  virtual void unreadable(std::string_view environment, std::int64_t seq, std::string_view why) = 0;
  // After the environment's last record, where the source knows heads; number 0 where one is missing.
  virtual void head(const CheckpointRef& head) = 0;
};

// Chains as a database or an export holds them.
class ChainSource {
 public:
  virtual ~ChainSource() = default;
  // One consistent view of all chains. Blocks until the deadline at most.
  virtual Status read(ChainVisitor& visitor, Deadline deadline) = 0;
  // Empty: not known (an export).
  virtual Result<std::string> origin(Deadline deadline) = 0;
};

}  // namespace sluice::audit::domain
