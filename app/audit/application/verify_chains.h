// Whether the trail still says what it said: each chain in itself, against its head, and against the
// checkpoints that were signed outside the database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/domain/chain_check.h"
#include "audit/domain/repository/chain_store.h"
#include "audit/domain/repository/checkpoint_store.h"

namespace sluice::audit::application {

struct ChainVerdict {
  std::string environment;
  std::int64_t records = 0;     // sound ones, from the first
  std::size_t checkpoints = 0;  // looked at
  // The newest checkpoint that agrees: it proves every record up to its own.
  std::optional<domain::Checkpoint> proven;
  std::optional<domain::Fault> fault;
};

struct Verdict {
  std::vector<ChainVerdict> chains;  // in order of environment
  [[nodiscard]] bool whole() const;
};

// What checkpoints are compared with; null: only each chain in itself.
struct Evidence {
  domain::CheckpointStore& checkpoints;
  domain::VerifySignature verify;
  std::vector<std::string> only = {};  // these environments; all where there is none
};

// An error: could not be looked at. What is wrong with a chain is in the verdict.
Result<Verdict> verify_chains(domain::ChainSource& source, const Evidence* evidence, Deadline deadline);

}  // namespace sluice::audit::application
