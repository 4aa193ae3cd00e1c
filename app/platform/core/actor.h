// On whose behalf something happens: for whoever records it, and where two people are asked for.
#pragma once

#include <string>

namespace sluice {

struct Actor {
  std::string id;        // "kim@example.com", "token:ci-orders", "system:catalogue"
  std::string owner;     // the person who answers for it
  std::string issuer;    // the person who had its token issued; the owner where there is no other
  std::string token_id;  // may be empty

  bool operator==(const Actor&) const = default;
};

}  // namespace sluice
