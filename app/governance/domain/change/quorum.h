// Which approvals of a change count now, and whether they are enough. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "governance/domain/change/change.h"

namespace sluice::governance::domain {

// Those of the newest revision's digest that are neither spent nor expired, by people who asked for no
// revision of the change; of several by one person, as holder or as issuer of tokens, the first.
std::vector<const StoredApproval*> counting_approvals(const ChangeFile& file, TimePoint now);

// How many more are needed.
std::int64_t remaining(std::int64_t required, std::size_t given);

}  // namespace sluice::governance::domain
