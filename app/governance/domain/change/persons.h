// The people behind an actor, where two people are asked for: whoever holds its token and whoever had
// that issued. Compared in lower case.
#pragma once

#include <span>
#include <string>

#include "platform/core/actor.h"

namespace sluice::governance::domain {

struct Persons {
  std::string owner;  // lower case, never empty
  std::string issuer;
};

// Who names no owner answers for itself; without an issuer the owner stands for it.
Persons persons_of(const Actor& actor);
// Whether they are one, or somebody stands behind both.
bool share_a_person(const Actor& a, const Actor& b);
bool shares_a_person_with_any(const Actor& actor, std::span<const Actor> others);

}  // namespace sluice::governance::domain
