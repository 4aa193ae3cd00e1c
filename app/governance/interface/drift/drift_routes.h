// The REST face of drift.
#pragma once

#include <vector>

#include "governance/application/drift/check_drift.h"
#include "platform/http/message.h"

namespace sluice::governance::interface {

// `drift` must outlive the routes.
std::vector<http::Route> drift_routes(application::CheckDrift& drift);

}  // namespace sluice::governance::interface
