#include "audit/domain/chain_check.h"

#include <fmt/format.h>

#include "platform/core/sha256.h"

namespace sluice::audit::domain {

std::string_view to_string(FaultKind kind) {
  switch (kind) {
    case FaultKind::kEdited: return "edited";
    case FaultKind::kMissing: return "missing";
    case FaultKind::kReordered: return "reordered";
    case FaultKind::kBroken: return "broken";
    case FaultKind::kTruncated: return "truncated";
    case FaultKind::kHead: return "head";
    case FaultKind::kRewritten: return "rewritten";
    case FaultKind::kForked: return "forked";
    case FaultKind::kCheckpoint: return "checkpoint";
  }
  return "";
}

void ChainCheck::fail(FaultKind kind, std::int64_t seq, std::string message) {
  if (!fault_) fault_ = Fault{kind, seq, std::move(message)};
}

bool ChainCheck::follows(const Record& record) {
  const std::int64_t expected = seq_ + 1;
  if (record.seq < expected) {
    fail(FaultKind::kReordered, record.seq, fmt::format("record {} stands behind record {}", record.seq, seq_));
  } else if (record.seq > expected) {
    fail(FaultKind::kMissing, expected,
         record.seq == expected + 1 ? fmt::format("record {} is missing", expected)
                                    : fmt::format("records {} to {} are missing", expected, record.seq - 1));
  } else if (record.prev != hash_) {
    fail(FaultKind::kBroken, record.seq,
         seq_ == 0 ? fmt::format("record 1 names a record before it")
                   : fmt::format("record {} does not follow on from record {}: one of them was replaced", record.seq,
                                 seq_));
  }
  return !fault_;
}

void ChainCheck::take(const Record& record) {
  if (fault_) return;
  text_.clear();
  append_canonical(text_, record);
  const bool sound = is_one_value(record.before) && is_one_value(record.after) && sha256_hex(text_) == record.hash;
  if (!sound) {
    // Where a record of another number stands, one of the chain's own is missing.
    if (record.seq > seq_ + 1 && !follows(record)) return;
    return fail(FaultKind::kEdited, record.seq, fmt::format("record {} is not what was hashed", record.seq));
  }
  if (!follows(record)) return;
  seq_ = record.seq;
  hash_ = record.hash;
  compare_checkpoints();
}

void ChainCheck::take_unreadable(std::int64_t seq, std::string_view why) {
  fail(FaultKind::kEdited, seq, fmt::format("record {} can't be read: {}", seq, why));
}

void ChainCheck::take_head(std::int64_t seq, std::string_view hash) {
  if (fault_) return;
  if (seq > seq_) {
    fail(FaultKind::kTruncated, seq_ + 1,
         fmt::format("the chain ends with record {}, its head says {}", seq_, seq));
  } else if (seq < seq_) {
    fail(FaultKind::kHead, seq + 1, fmt::format("record {} is beyond the chain's head", seq + 1));
  } else if (hash != hash_) {
    fail(FaultKind::kHead, seq_, fmt::format("the chain's head has another hash than record {}", seq_));
  }
}

void ChainCheck::compare_checkpoints() {
  for (; next_checkpoint_ < checkpoints_.size() && checkpoints_[next_checkpoint_].seq <= seq_; ++next_checkpoint_) {
    const CheckpointRef& checkpoint = checkpoints_[next_checkpoint_];
    if (checkpoint.seq == seq_ && checkpoint.hash == hash_) agreeing_ = checkpoint;
    else contradicting_.push_back(checkpoint);
  }
}

std::span<const CheckpointRef> ChainCheck::beyond() const {
  return std::span(checkpoints_).subspan(next_checkpoint_);
}

}  // namespace sluice::audit::domain
