// Links to a change's page; empty without a base address or a change.
#pragma once

#include <string>

#include "platform/http/wire/target.h"

namespace sluice::notify::infrastructure {

inline std::string change_link(const std::string& base, const std::string& change_id) {
  if (base.empty() || change_id.empty()) return "";
  return base + "/v1/changes/" + http::wire::percent_encode(change_id);
}

}  // namespace sluice::notify::infrastructure
