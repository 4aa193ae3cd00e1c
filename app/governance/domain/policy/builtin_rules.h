// Rules that hold whatever the policy document says: what Kafka cannot do, or does without a word
// although it breaks producers and consumers.
#pragma once

#include <vector>

#include "governance/domain/policy/policy.h"

namespace sluice::governance::domain {

const std::vector<Rule>& builtin_rules();

}  // namespace sluice::governance::domain
