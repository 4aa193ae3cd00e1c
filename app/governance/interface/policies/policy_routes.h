// The REST face of the policy document: read, change, look back, compare, try out.
#pragma once

#include <vector>

#include "governance/application/policies/manage_policies.h"
#include "governance/application/policies/preview_policies.h"
#include "platform/http/message.h"
#include "platform/log/logger.h"

namespace sluice::governance::interface {

// Everything pointed to must outlive the routes.
struct PolicyRoutesServices {
  application::ManagePolicies& policies;
  application::PreviewPolicies& preview;
  application::ReadPolicies read;
  log::Logger logger;
};

std::vector<http::Route> policy_routes(const PolicyRoutesServices& services);

}  // namespace sluice::governance::interface
