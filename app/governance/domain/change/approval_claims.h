// What an approval states, signed with the server's key. The statement of the approval that completes
// the quorum (remaining 0, all approvers) is the approval token. Every member is bound: a text that
// lacks one, holds another or is not canonical is none.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "governance/domain/topic/names.h"
#include "platform/core/actor.h"
#include "platform/core/clock.h"

namespace sluice::governance::domain {

struct ApprovalClaims {
  std::string id;  // of the approval; keys the execution that it starts
  ChangeId change_id;
  std::string kind;
  std::int64_t revision = 0;
  std::string digest;
  std::string batch_digest;
  std::string policy_version;
  std::string policy_digest;
  std::string live_fingerprint;
  std::string cluster_id;
  EnvironmentName environment;
  Actor requester;                // of that revision
  std::vector<Actor> approvers;   // all that count, the one who signs last
  TimePoint issued_at;
  TimePoint expires_at;
  std::int64_t remaining = 0;

  bool operator==(const ApprovalClaims&) const = default;
};

std::string write_claims(const ApprovalClaims& claims);  // canonical JSON
std::optional<ApprovalClaims> read_claims(std::string_view text);

}  // namespace sluice::governance::domain
