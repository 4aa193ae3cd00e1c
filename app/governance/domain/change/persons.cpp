#include "governance/domain/change/persons.h"

#include <algorithm>

#include "platform/core/text.h"

namespace sluice::governance::domain {
namespace {

std::string person(const std::string& text) { return to_lower(trim(text)); }

}  // namespace

Persons persons_of(const Actor& actor) {
  Persons persons{person(actor.owner), person(actor.issuer)};
  if (persons.owner.empty()) persons.owner = person(actor.id);
  if (persons.issuer.empty()) persons.issuer = persons.owner;
  return persons;
}

bool share_a_person(const Actor& a, const Actor& b) {
  const Persons one = persons_of(a);
  const Persons other = persons_of(b);
  return person(a.id) == person(b.id) || one.owner == other.owner || one.owner == other.issuer ||
         one.issuer == other.owner || one.issuer == other.issuer;
}

bool shares_a_person_with_any(const Actor& actor, std::span<const Actor> others) {
  return std::any_of(others.begin(), others.end(),
                     [&](const Actor& other) { return share_a_person(actor, other); });
}

}  // namespace sluice::governance::domain
