// Follows one chain record by record and finds the first that is wrong. Pure; not thread-safe; constant
// memory but for the checkpoints.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/domain/checkpoint.h"
#include "audit/domain/record.h"

namespace sluice::audit::domain {

enum class FaultKind : std::uint8_t {
  kEdited,      // a record is not what was hashed
  kMissing,     // a record is not there
  kReordered,   // a record comes a second time, or too late
  kBroken,      // a record is sound, but does not follow on from the one before it
  kTruncated,   // the chain ends before the record that its head or a checkpoint names
  kHead,        // the chain's head in the database names another record than the last
  kRewritten,   // another record stands where a checkpoint was signed
  kForked,      // the same, but the database has started a new life since: it lost its tail
  kCheckpoint,  // a checkpoint is not signed by one of the keys
};
std::string_view to_string(FaultKind kind);  // "edited", "missing", …

struct Fault {
  FaultKind kind = FaultKind::kEdited;
  std::int64_t seq = 0;  // the first wrong record
  std::string message;

  bool operator==(const Fault&) const = default;
};

class ChainCheck {
 public:
  // `checkpoints` in order of seq.
  explicit ChainCheck(std::vector<CheckpointRef> checkpoints = {}) : checkpoints_(std::move(checkpoints)) {}

  // The next record. After a fault nothing more is looked at.
  void take(const Record& record);
  // The next record can't even be read as one.
  void take_unreadable(std::int64_t seq, std::string_view why);
  // Behind the last record: what the database believes to be the chain's newest.
  void take_head(std::int64_t seq, std::string_view hash);

  [[nodiscard]] const std::optional<Fault>& fault() const { return fault_; }
  [[nodiscard]] std::int64_t records() const { return seq_; }  // sound ones, from the first
  [[nodiscard]] const std::string& hash() const { return hash_; }
  [[nodiscard]] std::size_t checkpoints() const { return checkpoints_.size(); }

  // How the checkpoints agree with the sound records, in order of seq.
  [[nodiscard]] std::optional<CheckpointRef> last_agreeing() const { return agreeing_; }
  [[nodiscard]] std::span<const CheckpointRef> contradicting() const { return contradicting_; }
  [[nodiscard]] std::span<const CheckpointRef> beyond() const;  // of records that are not there

 private:
  void fail(FaultKind kind, std::int64_t seq, std::string message);
  bool follows(const Record& record);
  void compare_checkpoints();

  std::vector<CheckpointRef> checkpoints_;
  std::size_t next_checkpoint_ = 0;
  std::optional<CheckpointRef> agreeing_;
  std::vector<CheckpointRef> contradicting_;
  std::int64_t seq_ = 0;
  std::string hash_{kNoHash};
  std::string text_;  // reused
  std::optional<Fault> fault_;
};

}  // namespace sluice::audit::domain
