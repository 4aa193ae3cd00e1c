// A PolicySet from a parsed document, strictly. Patterns are compiled here; one that is too long,
// invalid or nests unbounded repetitions is refused with its place.
#pragma once

#include "governance/domain/policy/policy.h"
#include "platform/core/result.h"
#include "platform/text/node.h"

namespace sluice::governance::infrastructure {

// Error: kInvalid "policy.invalid" with all problems. PolicySet::digest is the SHA-256 of the
// document's canonical JSON.
Result<domain::PolicySet> read_policy_set(const text::Node& document);

}  // namespace sluice::governance::infrastructure
