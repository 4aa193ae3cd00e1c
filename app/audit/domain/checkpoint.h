// A signed word, kept outside the database, of what a chain was: whatever the database says later has
// to agree with it. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "platform/core/clock.h"
#include "platform/core/result.h"

namespace sluice::audit::domain {

// The record that a checkpoint vouches for, and with it all records before.
struct CheckpointRef {
  std::string environment;
  std::int64_t seq = 0;
  std::string hash;

  bool operator==(const CheckpointRef&) const = default;
};

struct Checkpoint {
  CheckpointRef head;
  TimePoint at;
  // Which life of the database this was: changes when a standby takes over or a backup is restored.
  std::string origin;

  bool operator==(const Checkpoint&) const = default;
};

struct Signature {
  std::string key_id;
  std::string bytes;  // raw

  bool operator==(const Signature&) const = default;
};

struct SignedCheckpoint {
  Checkpoint checkpoint;
  Signature signature;

  bool operator==(const SignedCheckpoint&) const = default;
};

// What is signed: the checkpoint's canonical JSON.
std::string statement_of(const Checkpoint& checkpoint);

using Sign = std::function<Result<Signature>(std::string_view statement)>;
// kUnauthenticated when the signature does not hold.
using VerifySignature = std::function<Status(std::string_view statement, const Signature& signature)>;

}  // namespace sluice::audit::domain
