#include "audit/application/checkpointer.h"

#include <optional>

#include <fmt/format.h>

namespace sluice::audit::application {
namespace {

Error contradicted(const domain::CheckpointRef& signed_one) {
  return {ErrorKind::kConflict, "audit.chain-broken",
          fmt::format("The audit chain of {} no longer holds record {} as it was signed; nothing is signed on top of it.",
                      signed_one.environment, signed_one.seq),
          "Run `sluice audit verify` and see docs/runbooks/broken-chain.md.", {}};
}

}  // namespace

Result<int> Checkpointer::run_once(Deadline deadline) {
  const TimePoint began = clock_.now();
  SLUICE_TRY(const std::string origin, heads_.origin(deadline));
  SLUICE_TRY(const auto heads, heads_.heads(deadline));
  std::optional<Error> failed;
  int written = 0;
  for (const domain::CheckpointRef& head : heads) {
    const auto done = sign_if_moved(head, origin, deadline);
    if (done) written += *done ? 1 : 0;
    else if (!failed) failed = done.error();
  }
  if (failed) return *failed;
  covered_at_ = began;
  return written;
}

Result<bool> Checkpointer::sign_if_moved(const domain::CheckpointRef& head, const std::string& origin,
                                         Deadline deadline) {
  SLUICE_TRY(const domain::Checkpoint last, last_of(head, deadline));
  if (last.head == head) return false;
  if (last.head.seq > 0 && last.origin == origin) {
    SLUICE_TRY(const bool holds, still_holds(last.head, deadline));
    if (!holds) return contradicted(last.head);
  }
  domain::SignedCheckpoint next{{head, clock_.now(), origin}, {}};
  SLUICE_TRY(next.signature, sign_(domain::statement_of(next.checkpoint)));
  SLUICE_CHECK(store_.put(next, deadline));
  last_.insert_or_assign(head.environment, next.checkpoint);
  return true;
}

Result<bool> Checkpointer::still_holds(const domain::CheckpointRef& signed_one, Deadline deadline) {
  SLUICE_TRY(const auto hash, heads_.hash_at(signed_one.environment, signed_one.seq, deadline));
  return hash == signed_one.hash;
}

// The newest one in the store. Looked for from the head backwards in growing steps, since a store tells
// names in ascending order only; what lies beyond the head (a lost tail) is found with it.
Result<domain::Checkpoint> Checkpointer::last_of(const domain::CheckpointRef& head, Deadline deadline) {
  if (const auto known = last_.find(head.environment); known != last_.end()) return known->second;
  domain::Checkpoint last;
  for (std::int64_t step = 1; last.head.seq == 0; step *= 16) {
    const std::int64_t after = head.seq > step ? head.seq - step : 0;
    SLUICE_TRY(const auto found, store_.list(head.environment, after, deadline));
    if (!found.empty()) {
      SLUICE_TRY(const domain::SignedCheckpoint newest, store_.get(found.back(), deadline));
      last = newest.checkpoint;
    }
    if (after == 0) break;
  }
  last_.insert_or_assign(head.environment, last);
  return last;
}

}  // namespace sluice::audit::application
