// Signs what the chains have become and keeps it outside the database. It never signs over a
// contradiction: a chain that no longer holds what was signed before stays unsigned, unless the database
// has begun a new life (failover), which the checkpoint then shows. One thread at a time.
#pragma once

#include <atomic>
#include <map>
#include <string>

#include "audit/domain/checkpoint.h"
#include "audit/domain/repository/chain_store.h"
#include "audit/domain/repository/checkpoint_store.h"
#include "platform/core/clock.h"

namespace sluice::audit::application {

class Checkpointer {
 public:
  Checkpointer(domain::ChainHeads& heads, domain::CheckpointStore& store, domain::Sign sign, const Clock& clock)
      : heads_(heads), store_(store), sign_(std::move(sign)), clock_(clock), covered_at_(clock.now()) {}

  // One checkpoint for each chain that has moved; how many. Every chain is tried; the first error is
  // told: audit.chain-broken (kConflict) for a chain that contradicts its last checkpoint.
  Result<int> run_once(Deadline deadline);
  // Since every chain was covered by a checkpoint the last time. Any thread.
  [[nodiscard]] std::chrono::milliseconds age() const { return clock_.now() - covered_at_.load(); }

 private:
  Result<bool> sign_if_moved(const domain::CheckpointRef& head, const std::string& origin, Deadline deadline);
  Result<domain::Checkpoint> last_of(const domain::CheckpointRef& head, Deadline deadline);
  Result<bool> still_holds(const domain::CheckpointRef& signed_one, Deadline deadline);

  domain::ChainHeads& heads_;
  domain::CheckpointStore& store_;
  const domain::Sign sign_;
  const Clock& clock_;
  std::map<std::string, domain::Checkpoint, std::less<>> last_;  // by environment; seq 0: none yet
  std::atomic<TimePoint> covered_at_;
};

}  // namespace sluice::audit::application
