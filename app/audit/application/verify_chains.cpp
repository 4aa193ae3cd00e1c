#include "audit/application/verify_chains.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace sluice::audit::application {
namespace {

using domain::ChainCheck;
using domain::Checkpoint;
using domain::CheckpointRef;
using domain::Fault;
using domain::FaultKind;

class Checks final : public domain::ChainVisitor {
 public:
  using Map = std::map<std::string, ChainCheck, std::less<>>;

  void expect(const std::string& environment, std::vector<CheckpointRef> checkpoints) {
    checks_.insert_or_assign(environment, ChainCheck(std::move(checkpoints)));
  }
  void record(const domain::Record& record) override { of(record.environment).take(record); }
  void unreadable(std::string_view environment, std::int64_t seq, std::string_view why) override {
    of(environment).take_unreadable(seq, why);
  }
  void head(const CheckpointRef& head) override { of(head.environment).take_head(head.seq, head.hash); }
  [[nodiscard]] const Map& all() const { return checks_; }

 private:
  ChainCheck& of(std::string_view environment) {
    const auto found = checks_.find(environment);
    return found != checks_.end() ? found->second : checks_.try_emplace(std::string(environment)).first->second;
  }
  Map checks_;
};

// Judges one chain's checkpoints. Those that agree are many and prove each other: only the newest is
// fetched and its signature checked, and those that don't agree.
class Judge {
 public:
  Judge(const Evidence& evidence, std::string_view origin_now, Deadline deadline)
      : evidence_(evidence), origin_now_(origin_now), deadline_(deadline) {}

  Status judge(const ChainCheck& check, ChainVerdict& verdict) {
    if (const auto agreeing = check.last_agreeing()) {
      SLUICE_TRY(verdict.proven, fetch(*agreeing, verdict));
    }
    SLUICE_CHECK(contradiction(check.contradicting(), FaultKind::kRewritten, verdict));
    // Where a record is wrong, the ones behind it were not compared.
    if (check.fault() && check.fault()->kind != FaultKind::kTruncated && check.fault()->kind != FaultKind::kHead)
      return {};
    return contradiction(check.beyond(), FaultKind::kTruncated, verdict);
  }

 private:
  // Empty, with a fault, when the checkpoint is not one of ours.
  Result<std::optional<Checkpoint>> fetch(const CheckpointRef& ref, ChainVerdict& verdict) {
    auto found = evidence_.checkpoints.get(ref, deadline_);
    if (!found && found.error().kind != ErrorKind::kInvalid) return std::move(found).error();
    auto status = found ? evidence_.verify(domain::statement_of(found->checkpoint), found->signature)
                        : Status(found.error());
    if (!status && status.error().kind != ErrorKind::kUnauthenticated && status.error().kind != ErrorKind::kInvalid)
      return std::move(status).error();
    if (status && found->checkpoint.head == ref) return std::optional(found->checkpoint);
    if (!verdict.fault) {
      verdict.fault = Fault{FaultKind::kCheckpoint, ref.seq,
                            fmt::format("the checkpoint of record {} is not signed by any of the keys", ref.seq)};
    }
    return std::optional<Checkpoint>();
  }

  Status contradiction(std::span<const CheckpointRef> refs, FaultKind kind, ChainVerdict& verdict) {
    for (const CheckpointRef& ref : refs) {
      SLUICE_TRY(const auto signed_one, fetch(ref, verdict));
      if (!signed_one) continue;
      const bool forked = another_life(*signed_one, verdict);
      // What was signed weighs more than what the database says about itself.
      const std::int64_t proven = verdict.proven ? verdict.proven->head.seq : 0;
      const std::int64_t first = kind == FaultKind::kTruncated ? verdict.records + 1 : std::min(proven + 1, ref.seq);
      verdict.fault = Fault{forked ? FaultKind::kForked : kind, first, words(kind, forked, ref, first)};
      return {};
    }
    return {};
  }

  // Whether the database has begun anew since `other` was signed: by what it says of itself now, or by a
  // later checkpoint that agrees with the chain.
  [[nodiscard]] bool another_life(const Checkpoint& other, const ChainVerdict& verdict) const {
    if (!origin_now_.empty()) return origin_now_ != other.origin;
    return verdict.proven && verdict.proven->at >= other.at && verdict.proven->origin != other.origin;
  }

  static std::string words(FaultKind kind, bool forked, const CheckpointRef& ref, std::int64_t first) {
    if (forked) {
      return fmt::format("the database failed over or was restored and lost records from {} on, up to {} at least, "
                         "which had been signed: a fork, not an edit",
                         first, ref.seq);
    }
    if (kind == FaultKind::kTruncated) {
      return fmt::format("the chain ends with record {}, but record {} was signed", first - 1, ref.seq);
    }
    return first == ref.seq ? fmt::format("record {} is not the one that was signed", ref.seq)
                            : fmt::format("record {} is not the one that was signed; the change is somewhere from "
                                          "record {} to it",
                                          ref.seq, first);
  }

  const Evidence& evidence_;
  const std::string_view origin_now_;
  const Deadline deadline_;
};

Status expect_checkpoints(Checks& checks, const Evidence& evidence, Deadline deadline) {
  SLUICE_TRY(const auto all, evidence.checkpoints.environments(deadline));
  for (const std::string& environment : evidence.only.empty() ? all : evidence.only) {
    SLUICE_TRY(auto checkpoints, evidence.checkpoints.list(environment, 0, deadline));
    checks.expect(environment, std::move(checkpoints));
  }
  return {};
}

}  // namespace

bool Verdict::whole() const {
  return std::none_of(chains.begin(), chains.end(), [](const ChainVerdict& chain) { return chain.fault.has_value(); });
}

Result<Verdict> verify_chains(domain::ChainSource& source, const Evidence* evidence, Deadline deadline) {
  Checks checks;
  if (evidence) SLUICE_CHECK(expect_checkpoints(checks, *evidence, deadline));
  SLUICE_TRY(const std::string origin, source.origin(deadline));
  SLUICE_CHECK(source.read(checks, deadline));
  Verdict verdict;
  for (const auto& [environment, check] : checks.all()) {
    ChainVerdict chain{environment, check.records(), check.checkpoints(), std::nullopt, check.fault()};
    if (evidence) SLUICE_CHECK(Judge(*evidence, origin, deadline).judge(check, chain));
    verdict.chains.push_back(std::move(chain));
  }
  return verdict;
}

}  // namespace sluice::audit::application
